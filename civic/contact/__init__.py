"""Messages of citizens who want a person, and what officials answer."""
