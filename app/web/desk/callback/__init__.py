"""Ringing back."""
