"""Invented people, calls and records, so that everything can be tried."""
