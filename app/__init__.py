"""Rådrum: telephone support lines for professionals who meet honour-related violence and oppression."""
