"""What the planned mails say, and the samples that staff preview them with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gatherings import schedule
from gatherings.mails import values
from gatherings.mails.texts.notices import GATHERING, PARTICIPANT
from gatherings.models import Gathering, Registration
from outbox.texts import MailText, Values
from parts import names
from parts.dates import day_in_words, through
from parts.names import joined


@dataclass(frozen=True)
class MissingRegistration:
    """A unit, or a municipality as such, that nobody is registered for at a gathering."""

    gathering: Gathering
    name: str


def invitation(gathering: Gathering, *, name: str, answers_for: Sequence[str], moved: bool = False) -> Values:
    """`moved`: it was settled for other days before, and who reads this may know of those."""
    functions = dict(Gathering.AUDIENCE)
    audience = [str(functions[function]) for function in gathering.audience if function in functions]
    return values.of_gathering(gathering) | {
        "navn": name,
        "lenke": values.registering(gathering),
        "ny_dato": _("Samlingen har fått ny dato.") if moved else "",
        "for_hvem": joined(audience) or _("alle i prosjektet"),
        "svarer_for": answers_for,
        "frist": day_in_words(gathering.closes_on) if gathering.closes_on else "",
    }


def reminder(missing: Sequence[MissingRegistration], *, name: str) -> Values:
    gatherings = list(dict.fromkeys(each.gathering for each in missing))
    deadlines = [gathering.closes_on for gathering in gatherings if gathering.closes_on]
    home, only = settings.SITE_URL + "/", gatherings[0] if len(gatherings) == 1 else None
    return {
        "navn": name,
        "samling": names.joined(gathering.in_a_sentence for gathering in gatherings),
        "frist": day_in_words(min(deadlines)) if deadlines else "",
        "mangler": [
            _("%(name)s: %(gathering)s, frist %(deadline)s")
            % {
                "name": each.name,
                "gathering": each.gathering.in_a_sentence,
                "deadline": through(each.gathering.closes_on),
            }
            for each in missing
            if each.gathering.closes_on
        ],
        "lenke": values.registering(only) if only else home,
        "ingen_kommer": values.nobody_comes(only) if only else home,
    }


def practical(registration: Registration) -> Values:
    programme = registration.gathering.programme.strip()
    return values.of_registration(registration) | {
        "program": _("Program:") + f"\n{programme}" if programme else "",
        "framgangsmaate": _procedure(registration.gathering),
    }


def travel(registration: Registration) -> Values:
    closes_on = registration.gathering.travel_closes_on
    return values.of_registration(registration) | {
        "frist": day_in_words(closes_on) if closes_on else "",
        "framgangsmaate": _procedure(registration.gathering),
    }


def evaluation(registration: Registration) -> Values:
    gathering = registration.gathering
    last = gathering.last_day
    return values.of_registration(registration) | {
        "lenke": values.link(reverse("gatherings:evaluation", args=[gathering.pk])),
        "frist": day_in_words(last + timedelta(days=schedule.ANSWER_WITHIN)) if last else "",
    }


def _procedure(gathering: Gathering) -> str:
    procedure = gathering.procedure.strip()
    return _("Slik bestiller du reise og hotell:") + f"\n{procedure}" if procedure else ""


def _samples(of: Callable[[Registration], Values]) -> Callable[[str], Sequence[tuple[str, Values]]]:
    def samples(language: str) -> Sequence[tuple[str, Values]]:
        newest = Registration.objects.placed().select_related(
            "gathering__cohort", "participation__municipality__county", "participation__cohort", "unit", "user"
        )
        with translation.override(language):
            return [(str(registration), of(registration)) for registration in newest.order_by("-pk")[:20]]

    return samples


def _open_gatherings() -> list[Gathering]:
    upcoming = Gathering.objects.upcoming(today=timezone.localdate()).filter(closes_on__isnull=False)
    return list(upcoming.select_related("cohort")[:20])


def _invitation_samples(language: str) -> Sequence[tuple[str, Values]]:
    with translation.override(language):
        return [
            (str(gathering), invitation(gathering, name=_("Navn Navnesen"), answers_for=[_("Navn på enheten")]))
            for gathering in _open_gatherings()
        ]


def _reminder_samples(language: str) -> Sequence[tuple[str, Values]]:
    with translation.override(language):
        return [
            (str(gathering), reminder([MissingRegistration(gathering, _("Navn på enheten"))], name=_("Navn Navnesen")))
            for gathering in _open_gatherings()
        ]


_DEADLINE = {"frist": gettext_lazy("fristen med ukedag")}
_PROCEDURE = {"framgangsmaate": gettext_lazy("framgangsmåten for reise og hotell")}

INVITATION = MailText(
    name="gatherings.invitation",
    title=gettext_lazy("Invitasjon til samlingen"),
    placeholders=GATHERING
    | _DEADLINE
    | {
        "navn": PARTICIPANT["navn"],
        "ny_dato": gettext_lazy("at samlingen har fått ny dato, når den har det"),
        "for_hvem": gettext_lazy("hvilke funksjoner samlingen er for"),
        "svarer_for": gettext_lazy("liste over enhetene og kommunene mottakeren kan melde på for"),
    },
    samples=_invitation_samples,
)
REMINDER = MailText(
    name="gatherings.reminder",
    title=gettext_lazy("Påminnelse: ingen er påmeldt"),
    placeholders=_DEADLINE
    | {
        "navn": PARTICIPANT["navn"],
        "samling": GATHERING["samling"],
        "mangler": gettext_lazy("liste over enhetene og kommunene uten påmeldte, med frister"),
        "lenke": GATHERING["lenke"],
        "ingen_kommer": gettext_lazy("lenken for å svare at ingen kommer"),
    },
    samples=_reminder_samples,
)
PRACTICAL = MailText(
    name="gatherings.practical",
    title=gettext_lazy("Praktisk informasjon før samlingen"),
    placeholders=PARTICIPANT | _PROCEDURE | {"program": gettext_lazy("programmet")},
    paragraphs=frozenset({"framgangsmaate", "program"}),
    samples=_samples(practical),
)
TRAVEL = MailText(
    name="gatherings.travel",
    title=gettext_lazy("Påminnelse: reisen er ikke bestilt"),
    placeholders=PARTICIPANT | _PROCEDURE | _DEADLINE,
    paragraphs=frozenset({"framgangsmaate"}),
    samples=_samples(travel),
)
EVALUATION = MailText(
    name="gatherings.evaluation",
    title=gettext_lazy("Evaluering etter samlingen"),
    placeholders=PARTICIPANT | _DEADLINE,
    samples=_samples(evaluation),
)

TEXTS = (INVITATION, REMINDER, PRACTICAL, TRAVEL, EVALUATION)
