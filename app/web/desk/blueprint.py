"""Where the pages of the desk are registered."""

from __future__ import annotations

from flask import Blueprint

desk = Blueprint("desk", __name__)
