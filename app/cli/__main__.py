"""``python -m app.cli``: the ``radrum`` command, also where no such program is on the path."""

from app.cli import main

main(prog_name="radrum")
