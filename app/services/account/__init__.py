"""Who may sign in, and for how long; and who may read the API."""
