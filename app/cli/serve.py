"""``radrum serve``: the web process."""

from __future__ import annotations

import os
import shutil
import socket
from typing import TYPE_CHECKING, Any

import click
from gunicorn.app.base import BaseApplication

from app import logs
from app.cli.doubts import say_doubts
from app.cli.start import require_database
from app.domain.errors import Unavailable
from app.settings import load_settings

if TYPE_CHECKING:
    from flask import Flask

    from app.settings import Settings

_THREADS = 8
_MEANWHILE = "until it does, callers hear the line's backup number and are put through to it"


class _Server(BaseApplication):  # type: ignore[misc] # gunicorn ships no types
    """Gunicorn, told by our settings and not by files or variables of its own."""

    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self._settings = settings
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        from app.factory import create_app  # noqa: PLC0415 - each worker builds its own, after the fork

        return create_app(self._settings)


def _forget_metrics(server: object, worker: Any) -> None:  # noqa: ANN401 - gunicorn's form
    # Prometheus' package decides when it is imported whether processes count together: not before the folder is named.
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - after its folder is named

    del server
    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call] # the package forgot its types here


def _assert_free(bind: str) -> None:
    """Gunicorn would try for seconds, and say it in ten lines."""
    host, _, port = bind.rpartition(":")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OSError as error:
            message = f"{bind} can't be used ({error.strerror}): is Rådrum running already?"
            raise Unavailable(message) from error


@click.command()
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes that answer.")
def serve(workers: int) -> None:
    """Answer calls, pages and the API, until it is told to stop."""
    settings = load_settings(os.environ)
    _assert_free(settings.bind)
    say_doubts(settings)
    require_database(settings, meanwhile=_MEANWHILE)
    metrics = settings.data_directory / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir(mode=0o700, parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(metrics)
    click.echo(f"Rådrum answers on http://{settings.bind} ({settings.mode.value} mode)", err=True)
    _Server(
        settings,
        {
            "bind": settings.bind,
            "workers": workers,
            "worker_class": "gthread",
            "threads": _THREADS,
            # Longer than any answer takes, so that only a stuck worker is replaced.
            "timeout": 30,
            "graceful_timeout": 30,
            # Gunicorn would open a socket in the home directory.
            "control_socket_disable": True,
            # Where we are mounted is for us to say, not for a header.
            "forwarder_headers": "",
            "logconfig_dict": logs.configuration(is_practice=settings.is_practice),
            "child_exit": _forget_metrics,
            "proc_name": "radrum",
        },
    ).run()
