"""Calls: answered turn by turn, put through, asked to be rung back, and put right where a message got lost."""
