"""What a new colleague is written, one who stops, and one who takes over."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from lmp.colleagues.models import Resignation
from lmp.colleagues.roles import rights_of
from outbox.posting import post
from outbox.texts import MailText, Values
from parts.dates import day_in_words


def _values(person: User, *, by: str) -> Values:
    return {
        "navn": str(person),
        "av": by,
        "kan": rights_of(person),
        "adresse": person.email,
        "spor": settings.SUPPORT_EMAIL,
        "lenke": settings.SITE_URL + reverse("admin:index"),
    }


def _samples(language: str) -> Sequence[tuple[str, Values]]:
    people = User.objects.filter(is_staff=True).prefetch_related("groups").order_by("name", "pk")[:20]
    with translation.override(language):
        return [(str(person), _values(person, by=_("Navn Navnesen"))) for person in people]


LET_IN = MailText(
    name="colleagues.let_in",
    title=gettext_lazy("En ny kollega har fått tilgang"),
    placeholders={
        "navn": gettext_lazy("navnet på mottakeren"),
        "av": gettext_lazy("den som ga tilgangen"),
        "kan": gettext_lazy("liste over det personen kan gjøre"),
        "adresse": gettext_lazy("adressen personen logger inn med"),
        "spor": gettext_lazy("adressen å skrive til"),
        "lenke": gettext_lazy("lenken til portalen"),
    },
    samples=_samples,
)


def _resignation_values(
    resignation: Resignation, *, name: str, work: Sequence[str] = (), keeps: Sequence[str] = ()
) -> Values:
    return {
        "navn": name,
        "kollega": str(resignation.person),
        "dag": day_in_words(resignation.ends_on),
        "av": str(resignation.agreed_by),
        "apent": list(work) or [_("Ingenting")],
        "har": list(keeps) or [_("Ingenting annet")],
        "spor": settings.SUPPORT_EMAIL,
        "lenke": settings.SITE_URL + reverse("colleagues:list"),
    }


def _resignation_samples(language: str) -> Sequence[tuple[str, Values]]:
    found = Resignation.objects.select_related("person", "agreed_by").order_by("-pk")[:20]
    with translation.override(language):
        return [
            (str(each), _resignation_values(each, name=str(each.person), work=["…"], keeps=["…"])) for each in found
        ]


_OF_A_RESIGNATION = {
    "navn": gettext_lazy("navnet på mottakeren"),
    "kollega": gettext_lazy("den som slutter"),
    "dag": gettext_lazy("første dag uten tilgang"),
    "av": gettext_lazy("den som avsluttet tilgangen"),
    "apent": gettext_lazy("liste over det som var åpent"),
    "har": gettext_lazy("liste over det personen fortsatt har"),
    "spor": gettext_lazy("adressen å skrive til"),
    "lenke": gettext_lazy("lenken til kollegene"),
}
LEAVES = MailText(
    name="colleagues.leaves",
    title=gettext_lazy("Det er avtalt at en kollega slutter"),
    placeholders=_OF_A_RESIGNATION,
    samples=_resignation_samples,
)
STAYS = MailText(
    name="colleagues.stays",
    title=gettext_lazy("Det er avlyst at en kollega slutter"),
    placeholders=_OF_A_RESIGNATION,
    samples=_resignation_samples,
)
LEFT = MailText(
    name="colleagues.left",
    title=gettext_lazy("En kollega har ikke lenger tilgang"),
    placeholders=_OF_A_RESIGNATION,
    samples=_resignation_samples,
)
TAKEN_OVER = MailText(
    name="colleagues.taken_over",
    title=gettext_lazy("En kollega har sluttet, og en annen overtar"),
    placeholders=_OF_A_RESIGNATION,
    samples=_resignation_samples,
)
TEXTS = (LET_IN, LEAVES, STAYS, LEFT, TAKEN_OVER)


def let_in(person: User, *, by: User, now: datetime) -> None:
    language = person.language or "nb"
    with translation.override(language):
        values = _values(person, by=str(by))
    post(
        LET_IN,
        key=f"{LET_IN.name}:{person.pk}:{now.isoformat()}",
        to=person,
        language=language,
        values=values,
        why=_("%(name)s er ny kollega") % {"name": person},
        now=now,
        about=person,
    )


def leaves(resignation: Resignation, *, now: datetime) -> None:
    """Both the one who stops and the one who takes over, on a day to come."""
    for person in filter(None, [resignation.person, resignation.heir]):
        _tell(LEAVES, resignation, to=person, now=now)


def stays(resignation: Resignation, *, by: User, now: datetime) -> None:
    for person in filter(None, [resignation.person, resignation.heir]):
        if person != by:
            _tell(STAYS, resignation, to=person, now=now)


def left(resignation: Resignation, *, keeps: Sequence[str], now: datetime) -> None:
    _tell(LEFT, resignation, to=resignation.person, keeps=keeps, now=now)


def taken_over(resignation: Resignation, *, work: Sequence[str], now: datetime) -> None:
    if resignation.heir:
        _tell(TAKEN_OVER, resignation, to=resignation.heir, work=work, now=now)


def _tell(
    text: MailText,
    resignation: Resignation,
    *,
    to: User,
    now: datetime,
    work: Sequence[str] = (),
    keeps: Sequence[str] = (),
) -> None:
    language = to.language or "nb"
    with translation.override(language):
        values = _resignation_values(resignation, name=str(to), work=work, keeps=keeps)
    post(
        text,
        key=f"{text.name}:{resignation.pk}:{to.pk}",
        to=to,
        language=language,
        values=values,
        why=_("%(name)s slutter") % {"name": resignation.person},
        now=now,
        about=resignation,
    )
