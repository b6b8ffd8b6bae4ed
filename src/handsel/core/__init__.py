"""What every room stands on: actions, keys, trail, guards, outbox, jobs, files, search index, room register."""
