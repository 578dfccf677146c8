"""What a new colleague is written: what they may, and how they begin."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from lmp.colleagues.roles import rights_of
from outbox.posting import post
from outbox.texts import MailText, Values


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
TEXTS = (LET_IN,)


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
