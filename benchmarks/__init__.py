"""Speed: ours side by side with the bot that `rasa init` makes."""
