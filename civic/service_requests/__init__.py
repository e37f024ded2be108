"""What citizens report, who deals with it, and what becomes of it."""
