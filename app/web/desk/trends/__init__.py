"""The trends, the municipalities, the long curve, and notes on the time axis."""
