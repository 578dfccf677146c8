"""Why somebody gets nothing of what is written: a code and its facts are stored, and worded when they are shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy, override

REASONS = {
    "barred": gettext_lazy("Personen er sperret, og får ingen e-poster."),
    "withdrawn": gettext_lazy("%(place)s har trukket seg."),
    "signed_off": gettext_lazy("Er meldt av %(gathering)s."),
    "no_function": gettext_lazy("Har ingen funksjon i %(place)s lenger."),
    "nothing": gettext_lazy("Har ingenting å bli minnet på nå."),
    "reminded": gettext_lazy("Fikk den samme påminnelsen i dag kl. %(clock)s."),
    "no_deadline": gettext_lazy("Har ingen frist for å bekrefte, og teksten bruker {frist}."),
    "told": gettext_lazy("Fikk e-post om dette %(when)s."),
    "taken_back": gettext_lazy("Innlegget er tatt tilbake."),
    "not_shown": gettext_lazy("Innlegget vises ikke lenger."),
    "no_access": gettext_lazy("Ser ikke innlegget lenger."),
    "has_read": gettext_lazy("Har lest innlegget."),
    "failed": gettext_lazy("Noe gikk galt. Prøv igjen, og si fra til brukerstøtte hvis det skjer på nytt."),
}


@dataclass(frozen=True)
class WhyLeftOut:
    """A reason, and what it is about. A value that differs with the language is kept in each."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return in_words(self.code, self.values)


def in_words(code: str, values: Mapping[str, Any]) -> str:
    """Empty for the empty code."""
    if not code:
        return ""
    language = get_language() or "nb"
    said = {
        name: value.get(language, next(iter(value.values()))) if isinstance(value, dict) else value
        for name, value in values.items()
    }
    return str(REASONS[code]) % said


def in_each_language(word: Callable[[], str]) -> dict[str, str]:
    said = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            said[language] = word()
    return said
