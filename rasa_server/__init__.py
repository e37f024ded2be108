"""What runs inside the Rasa process: Python 3.10, and of our own code only `civic.encoder`."""
