"""How the work is done here: pages with versions, acknowledgements, questions and answers."""
