"""Where to turn instead, and keeping that list."""
