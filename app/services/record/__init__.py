"""Records of consultations: opened, filled in, listed, numbered in the register, and handed out."""
