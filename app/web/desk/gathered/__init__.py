"""Training occasions, and notes on gaps and good examples."""
