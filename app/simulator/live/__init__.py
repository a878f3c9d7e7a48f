"""Calls in real time, with people at both ends: the practice telephone."""
