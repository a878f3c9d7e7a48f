"""What the first page shows: the calls of the day and who is on duty."""
