"""What is counted, and what is made of it: trends, reports, equal access, staffing, the long curve."""
