"""What citizens think and suggest, and what officials answer."""
