"""Files that are taken out, and what their columns mean."""
