"""What is owed, and why, in double entry."""
