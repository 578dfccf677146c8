"""Every kind of mail that the portal can send, filled in from the demo's data, whether the demo has sent one or not."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override

from lmp.demo import kind_examples
from outbox import texts
from outbox.texts import MailText, RenderedMail, Values

APPS: dict[str, Promise] = {
    "accounts": gettext_lazy("Innlogging"),
    "welcome": gettext_lazy("Velkomstbrevet"),
    "participants": gettext_lazy("Bekreftelse, enheter og tilgang"),
    "gatherings": gettext_lazy("Samlinger"),
    "guidance": gettext_lazy("Veiledning og tiltak"),
    "changes": gettext_lazy("Bytte av person, adresse og deltakelse"),
    "governor": gettext_lazy("Statsforvalteren"),
    "colleagues": gettext_lazy("Ansatte"),
    "sharing": gettext_lazy("Innlegg og dokumenter"),
    "writing": gettext_lazy("Skrevet av ansatte"),
}


def app_of(text: MailText) -> str:
    return text.name.partition(".")[0]


def found(*, app: str, words: str) -> list[MailText]:
    """Those of this app, or of all, with each of these words in the kind's name or in its text."""
    wanted = words.casefold().split()
    of_app = [text for text in texts.all_texts().values() if app in ("", app_of(text))]
    return [text for text in of_app if _has(text, wanted)]


def _has(text: MailText, words: Sequence[str]) -> bool:
    wordings = (part for language, _name in settings.LANGUAGES for part in texts.shipped_wording(text, language))
    said = "\n".join([text.name, str(text.title), *wordings]).casefold()
    return all(word in said for word in words)


def filled(text: MailText, language: str) -> RenderedMail:
    with override(language):
        return texts.render(text, language, _values(text, language))


def _values(text: MailText, language: str) -> Values:
    """The kind's own sample; where the demo has none, an example of ours, and then what other mails say there."""
    if samples := text.samples(language):
        return samples[0][1]
    values: dict[str, str | Sequence[str]] = dict(kind_examples.of(text.name))
    for others in _values_of_others(text, language):
        if values.keys() >= text.placeholders.keys():
            break
        values |= {name: others[name] for name in others if name not in values and others[name]}
    return {name: values.get(name) or f"[{meaning}]" for name, meaning in text.placeholders.items()}


def _values_of_others(text: MailText, language: str) -> Iterator[Values]:
    """Of kinds that say some of the same, those of the same app first."""
    for other in sorted(texts.all_texts().values(), key=lambda other: app_of(other) != app_of(text)):
        if not text.placeholders.keys().isdisjoint(other.placeholders) and (samples := other.samples(language)):
            yield samples[0][1]
