"""The jobs process: what has to be done at its time, and that no caller waits for."""
