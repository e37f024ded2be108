"""The survey engine: pure. A definition, a state and an answer in; the next state and events out."""
