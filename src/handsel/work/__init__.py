"""Time and tasks: logged, submitted, decided line by line."""
