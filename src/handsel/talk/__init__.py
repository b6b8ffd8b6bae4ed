"""Calls, check-ins, comments, and one timeline of all that happened."""
