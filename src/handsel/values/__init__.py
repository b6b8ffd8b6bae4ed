"""Money, quantities, zones, days, refusals, actors: plain Python, under everything else."""
