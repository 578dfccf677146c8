"""The mails about a succession: to who takes over and to who hands over, now or on a day to come."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import todos
from accounts.models import User
from lmp.changes.models import Succession
from outbox.plan import ComingSuccessor
from outbox.posting import post
from outbox.texts import MailText, Values
from parts.dates import day_in_words

_BOTH = {
    "navn": gettext_lazy("navnet på mottakeren"),
    "funksjon": gettext_lazy("funksjonen, og hva den gjelder"),
    "forrige": gettext_lazy("den som har eller hadde funksjonen"),
    "ny": gettext_lazy("den som overtar"),
    "dato": gettext_lazy("dagen den nye begynner"),
    "av": gettext_lazy("den som registrerte det"),
    "lenke": gettext_lazy("lenken til portalen"),
}


def _values(succession: Succession, *, name: str, by: User) -> dict[str, str]:
    return {
        "navn": name,
        "funksjon": succession.function,
        "forrige": succession.hands_over,
        "ny": succession.name,
        "dato": day_in_words(succession.starts_on),
        "av": str(by),
        "lenke": settings.SITE_URL + "/",
    }


def _samples(language: str) -> Sequence[tuple[str, Values]]:
    rows = Succession.objects.in_words().select_related("agreed_by").order_by("-pk")[:20]
    with translation.override(language):
        more = {"overtatt": [], "venter": [_("Ingenting akkurat nå")], "adresse": "navn.navnesen@example.no"}
        return [(str(row), _values(row, name=_("Navn Navnesen"), by=row.agreed_by) | more) for row in rows]


TAKEN_OVER = MailText(
    name="changes.taken_over",
    title=gettext_lazy("Bytte av person: til den som har overtatt en funksjon"),
    placeholders=_BOTH
    | {
        "overtatt": gettext_lazy("liste over det personen har overtatt"),
        "venter": gettext_lazy("liste over det som venter på personen, med frister"),
        "adresse": gettext_lazy("adressen personen logger inn med"),
    },
    samples=_samples,
)
TAKES_OVER = MailText(
    name="changes.takes_over",
    title=gettext_lazy("Bytte av person: til den som skal overta en funksjon"),
    placeholders=_BOTH | {"adresse": TAKEN_OVER.placeholders["adresse"]},
    samples=_samples,
)
HANDS_OVER = MailText(
    name="changes.hands_over",
    title=gettext_lazy("Bytte av person: til den som skal gi fra seg en funksjon"),
    placeholders=_BOTH,
    samples=_samples,
)
CALLED_OFF = MailText(
    name="changes.called_off",
    title=gettext_lazy("Bytte av person blir ikke noe av"),
    placeholders=_BOTH,
    samples=_samples,
)
TEXTS = (TAKEN_OVER, TAKES_OVER, HANDS_OVER, CALLED_OFF)


def taken_over(succession: Succession, *, handed_over: Sequence[str], now: datetime) -> None:
    """To the new one: what they are now, what they have taken over, and what waits for them in every app."""
    user = succession.new_person
    with translation.override(succession.language_for(user)):
        waiting = todos.in_lines(todos.of(user, now), today=timezone.localdate(now))
        received = list(handed_over) or [_("Ingenting utover det som følger med funksjonen")]
    more = {"overtatt": received, "venter": waiting, "adresse": user.email}
    _post(TAKEN_OVER, succession, user, name=succession.name, by=succession.agreed_by, now=now, more=more)


def agreed(succession: Succession, *, now: datetime) -> None:
    """To both: from which day, and what to do if it is wrong."""
    by = succession.agreed_by
    address = {"adresse": succession.new_person.email}
    _post(TAKES_OVER, succession, succession.new_person, name=succession.name, by=by, now=now, more=address)
    _post(HANDS_OVER, succession, succession.holder, name=succession.hands_over, by=by, now=now)


def called_off(succession: Succession, *, by: User, now: datetime) -> None:
    _post(CALLED_OFF, succession, succession.new_person, name=succession.name, by=by, now=now)
    _post(CALLED_OFF, succession, succession.holder, name=succession.hands_over, by=by, now=now)


def _post(
    text: MailText,
    succession: Succession,
    user: User,
    *,
    name: str,
    by: User,
    now: datetime,
    more: dict[str, str | Sequence[str]] | None = None,
) -> None:
    language = succession.language_for(user)
    with translation.override(language):
        values = _values(succession, name=name, by=by) | (more or {})
    post(
        text,
        key=f"{text.name}:{succession.pk}:{user.pk}",
        to=user,
        language=language,
        values=values,
        why=_("%(new)s overtar etter %(old)s") % {"new": succession.name, "old": succession.hands_over},
        now=now,
        about=succession,
    )


def coming_successors() -> list[ComingSuccessor]:
    """What the mail plan tells of: those that are expected, in one query."""
    return [
        ComingSuccessor(
            holder=each.holder.pk,
            successor=each.new_person.pk,
            begins=each.begins,
            words=_foretold(each),
            scope=_scope(each),
        )
        for each in Succession.objects.expected().in_words()
    ]


def _foretold(succession: Succession) -> str:
    said = _(
        "%(new)s overtar etter %(old)s fra og med %(day)s (%(function)s). E-postene som følger funksjonen, går da til "
        "%(new)s."
    )
    return said % {
        "new": succession.name,
        "old": succession.hands_over,
        "day": day_in_words(succession.starts_on),
        "function": succession.function,
    }


def _scope(succession: Succession) -> str:
    if succession.contact:
        return f"cohort:{succession.contact.participation.cohort.number}"
    return f"cohort:{succession.member.group.participation.cohort.number}" if succession.member else ""
