"""Where the pages of the desk are registered."""

from __future__ import annotations

from flask import Blueprint

from app.web.desk.number_words import number

desk = Blueprint("desk", __name__)
desk.add_app_template_filter(number)
