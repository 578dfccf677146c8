"""What is told to those who hold an invitation and are not registered, and the samples that staff preview it with."""

from collections.abc import Callable, Sequence
from datetime import date

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gatherings.mails import values
from gatherings.mails.texts.notices import GATHERING, PARTICIPANT, SENTENCE, called_off_words
from gatherings.models import Gathering
from outbox.texts import MailText, Values
from parts.dates import day_in_words


def values_for(
    text: MailText, before: Gathering | None, gathering: Gathering, *, name: str, sentence: str, today: date
) -> Values:
    """`before`: the gathering as it was, when that is known. Extra values do no harm."""
    return (
        values.of_gathering(gathering)
        | called_off_words(gathering)
        | {
            "navn": name,
            "melding": sentence,
            "gammel": f"{values.when(before)}. {values.where(before)}" if before else _("Det du har fått vite før"),
            "paamelding": _registration(gathering, today=today),
        }
        | ({"lenke": values.registering(gathering)} if text is not CALLED_OFF else {})
    )


def _registration(gathering: Gathering, *, today: date) -> str:
    """Whether the reader can register, and until when."""
    if gathering.closes_on is None or gathering.opens_on is None:
        return _("Påmeldingen er ikke åpen ennå.")
    if today < gathering.opens_on:
        return _("Påmeldingen åpner %(day)s.") % {"day": day_in_words(gathering.opens_on)}
    if gathering.is_open(today=today):
        return _("Dere kan melde på til og med %(day)s.") % {"day": day_in_words(gathering.closes_on)}
    return _("Påmeldingsfristen er gått ut.")


def _samples(text_name: str, **state: str) -> Callable[[str], Sequence[tuple[str, Values]]]:
    def samples(language: str) -> Sequence[tuple[str, Values]]:
        text = next(one for one in TEXTS if one.name == text_name)
        newest = Gathering.objects.filter(starts_on__isnull=False).select_related("cohort").order_by("-starts_on")[:20]
        found = []
        with translation.override(language):
            for gathering in newest:
                for field, value in state.items():
                    setattr(gathering, field, value)
                name, today = _("Navn Navnesen"), timezone.localdate()
                filled = values_for(text, None, gathering, name=name, sentence="", today=today)
                found.append((str(gathering), filled))
        return found

    return samples


_INVITED = GATHERING | SENTENCE | {"navn": PARTICIPANT["navn"]}
_REGISTRATION = {"paamelding": gettext_lazy("om påmeldingen er åpen, og fristen")}

CALLED_OFF = MailText(
    name="gatherings.invited_called_off",
    title=gettext_lazy("Til inviterte: samlingen er avlyst eller utsatt"),
    placeholders=_INVITED
    | {
        "hva": gettext_lazy("at samlingen er avlyst eller utsatt"),
        "videre": gettext_lazy("hva som skjer videre, når den er utsatt"),
    },
    paragraphs=frozenset({"melding"}),
    samples=_samples("gatherings.invited_called_off", settled=Gathering.Settled.CANCELLED),
)
MOVED = MailText(
    name="gatherings.invited_moved",
    title=gettext_lazy("Til inviterte: samlingen er flyttet"),
    placeholders=_INVITED | _REGISTRATION | {"gammel": gettext_lazy("tida og stedet som ikke gjelder lenger")},
    paragraphs=frozenset({"melding"}),
    samples=_samples("gatherings.invited_moved"),
)
REINSTATED = MailText(
    name="gatherings.invited_reinstated",
    title=gettext_lazy("Til inviterte: samlingen holdes likevel"),
    placeholders=_INVITED | _REGISTRATION,
    paragraphs=frozenset({"melding"}),
    samples=_samples("gatherings.invited_reinstated"),
)

TEXTS = (CALLED_OFF, MOVED, REINSTATED)
