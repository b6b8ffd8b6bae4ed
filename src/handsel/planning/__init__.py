"""What to hand over, what it costs, and the plan for it."""
