"""What a specialist knows best and speaks, and so what a caller may ask for."""

from __future__ import annotations

from enum import StrEnum


class Competence(StrEnum):
    """What a specialist knows best."""

    LAW = "law"
    POLICE = "police"
    SOCIAL_WORK = "social_work"
    SCHOOL = "school"
    HEALTH = "health"


class Language(StrEnum):
    """A language in which a caller can be served; ISO 639-1."""

    SWEDISH = "sv"
    """The first language of every line."""
    ENGLISH = "en"


OTHER_LANGUAGES = tuple(one for one in Language if one is not Language.SWEDISH)
"""Those that a callflow may offer beside Swedish."""
