"""What whoever runs an installation looks at: whether it is well, its figures, a line of the log for each answer."""
