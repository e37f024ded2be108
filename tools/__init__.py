"""Set-up and upkeep of a checkout; everything here runs on the standard library alone."""
