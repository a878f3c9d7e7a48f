"""Ringing back: the work list, the two legs of a call, and requests that a specialist notes."""
