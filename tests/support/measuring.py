"""Coverage, where it tells something new: counting lines takes longer than running them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

_OWN_TO_AN_ENGINE = "tests/storage/"
"""What PostgreSQL alone does is tried there."""


def is_told_by_its_twin(item: pytest.Item) -> bool:
    """Whether this test goes through the same lines on SQLite, where they are counted."""
    callspec = getattr(item, "callspec", None)
    return (
        callspec is not None
        and callspec.params.get("database_url") == "postgresql"
        and not item.nodeid.startswith(_OWN_TO_AN_ENGINE)
    )


@contextmanager
def uncounted(config: pytest.Config) -> Iterator[None]:
    """No line is counted meanwhile, with all that is made for the test; as it was if nothing is counted anyway."""
    plugin = config.pluginmanager.getplugin("_cov")
    controller = plugin and plugin.cov_controller
    if not controller:
        yield
        return
    controller.pause()
    try:
        yield
    finally:
        controller.resume()
