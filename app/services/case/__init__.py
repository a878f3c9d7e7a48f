"""Cases: what belongs together, whose it is, what is promised, and handing it over."""
