"""What officials answer to questions that were passed on, and how it becomes part of the knowledge."""
