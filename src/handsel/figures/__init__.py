"""What was planned against what happened, drawn."""
