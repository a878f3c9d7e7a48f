"""The ``radrum`` command. What it does is in the modules beside this one, each imported when it is asked for."""

from __future__ import annotations

import os
import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from app.domain.errors import RadrumError, RejectedInput

if TYPE_CHECKING:
    from collections.abc import Callable

# Name: where the command is, and its line in the help. Said here, so that --help imports none of them.
COMMANDS = {
    "check": ("app.cli.check:check", "Read the whole configuration and say what it means."),
    "serve": ("app.cli.serve:serve", "Answer calls: the web process."),
    "jobs": ("app.cli.jobs:jobs", "Do what has its time: the jobs process."),
    "simulator": ("app.cli.simulator:simulator", "Stand in for Twilio, for practice."),
    "db": ("app.cli.db:db_group", "Create the database, or bring it up to date."),
    "demo": ("app.cli.demo:demo", "Fill an empty database with practice data."),
    "staff": ("app.cli.staff:staff", "Import and list those who answer; take them off duty."),
    "rota": ("app.cli.rota:rota", "Show who is on duty over a period, and agree on changes."),
    "hours": ("app.cli.hours:hours", "Close a line on a date, or move its hours."),
    "user": ("app.cli.user:user", "Add, list, change and end the accounts of the desk."),
    "token": ("app.cli.token:token", "Add, list and revoke tokens of the API."),
    "rehearse": ("app.cli.rehearse:rehearse", "Print what a caller would hear at an instant."),
    "call": ("app.cli.call:call", "Place one practice call and print what happened."),
    "flow": ("app.cli.flow:flow", "Draw a callflow."),
    "trends": ("app.cli.trends:trends", "Count anew what the trends are read from."),
    "population": ("app.cli.population:population", "Take in how many people live in each municipality."),
    "history": ("app.cli.history:history", "Take in figures that were published before a line counted here."),
    "reconcile": ("app.cli.reconcile:reconcile", "Compare our calls with Twilio's, and mend ours."),
    "audit": ("app.cli.audit:audit", "Check the log of who opened and changed what."),
    "retention": ("app.cli.retention:retention", "Destroy what is old enough, once it has been decided."),
    "keys": ("app.cli.keys:keys", "Change the keys that names, numbers and notes are sealed with."),
    "mail": ("app.cli.mail:mail", "Try whether mail to staff works."),
    "drill": ("app.cli.drill:drill", "Place many disturbed calls, on a database to throw away."),
}

MOST_PROBLEMS = 50
"""Of a file that was handed in: whoever has more begins with these."""
FAILED = 1
INTERRUPTED = 130  # 128 + SIGINT, as shells count


class RadrumGroup(click.Group):
    """Imports a command when it is run, so that ``radrum --help`` is quick; says our own errors as sentences."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's form
        """All names, in the order in which a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's form
        """Import the command, or give none for a name that we don't know."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's form
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - click's form
        """Run and exit: 0 done, 1 failed (one plain sentence for each reason), 2 misused, 130 interrupted."""
        main: Callable[..., object] = super().main
        if not kwargs.pop("standalone_mode", True):
            return main(*args, standalone_mode=False, **kwargs)
        try:
            code = _exit_code(partial(main, *args, standalone_mode=False, **kwargs))
        except BrokenPipeError:
            # Whoever read our output has had enough ("radrum ... | head"). What is still in the buffer goes nowhere,
            # or Python complains while it exits.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = FAILED
        sys.exit(code)


@click.group(name="radrum", cls=RadrumGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="radrum", prog_name="radrum")
def main() -> None:
    """Rådrum runs telephone support lines for professionals who meet honour-related violence and oppression."""


def _exit_code(run: Callable[[], object]) -> int:
    try:
        code = run()
        sys.stdout.flush()
    except click.ClickException as misuse:
        about = misuse.ctx.command_path if isinstance(misuse, click.UsageError) and misuse.ctx else "radrum"
        click.echo(f"radrum: {misuse.format_message()} (see {about} --help)", err=True)
        return misuse.exit_code
    except click.Abort:
        return INTERRUPTED
    except RadrumError as error:
        sentences = str(error).splitlines()
        most = MOST_PROBLEMS if isinstance(error, RejectedInput) else len(sentences)
        for sentence in sentences[:most]:
            click.echo(f"radrum: {sentence}", err=True)
        if len(sentences) > most:
            click.echo(f"radrum: and {len(sentences) - most} more", err=True)
        return FAILED
    return code if isinstance(code, int) else 0
