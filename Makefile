# Everything is in bootstrap.py; this saves typing. RADRUM_* variables pass through.
PYTHON ?= python3

.PHONY: help run test check lock translations
.DEFAULT_GOAL := help

help run test check lock translations:
	@exec $(PYTHON) bootstrap.py $@ $(ARGS)
