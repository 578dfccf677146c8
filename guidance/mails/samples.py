"""Real rows for staff's preview of a wording: the newest of each kind."""

from collections.abc import Callable, Iterable, Sequence

from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from outbox.texts import Values

NEWEST = 20


def samples(
    newest: Callable[[], Iterable[models.Model]], fill: Callable[..., Values]
) -> Callable[[str], Sequence[tuple[str, Values]]]:
    def of_language(language: str) -> Sequence[tuple[str, Values]]:
        with translation.override(language):
            return [(str(row), fill(row, name=_("Navn Navnesen"))) for row in newest()]

    return of_language
