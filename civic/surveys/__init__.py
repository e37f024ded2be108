"""Surveys: designers write them in files, citizens answer them in the chat, officials read the answers."""
