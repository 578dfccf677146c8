"""The page between a form and its saving, for every change that others feel: what it does, and to whom."""

from outbox.effects import Section, effects_page
from parts.forms import is_asked, is_confirmed

__all__ = ["Section", "effects_page", "is_asked", "is_confirmed"]
