"""Settings, addresses, and the list of rooms."""
