"""`python -m rasa_server <any rasa arguments>` runs plain rasa commands without TensorFlow."""

from rasa_server.boot import main

if __name__ == "__main__":
    main()
