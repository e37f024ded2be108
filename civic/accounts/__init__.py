"""Officials, their roles, and how they prove who they are."""
