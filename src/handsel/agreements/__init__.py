"""Terms that both sides sign, and the gate: no work is counted outside terms in force."""
