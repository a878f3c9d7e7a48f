# Everything is in bootstrap.py; this saves typing. RADRUM_* variables pass through.
PYTHON ?= python3

.PHONY: help run test check lock
.DEFAULT_GOAL := help

help run test check lock:
	@exec $(PYTHON) bootstrap.py $@ $(ARGS)
