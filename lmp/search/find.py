"""One search for what somebody on the telephone says: a place, a person, an address, a number."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Replace
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import AddressChange, User
from gatherings.models import Registration
from guidance.models import Supervisor
from lmp.seeing.access import may_be_seen
from lmp.sharing.models import Publication
from lmp.templatetags.lmp import in_my_language
from lmp.welcome.models import Letter
from participants.models import Contact, GovernorContact, Participation, Unit
from parts.addresses import canonical

SHOWN = 20  # of each kind
SHORTEST = 2
PHONE_DIGITS = 5  # fewer are no telephone number


@dataclass(frozen=True)
class Hit:
    """`person`: one whom those of the staff who have that role can see the portal as."""

    title: str
    about: str
    url: str
    person: User | None = None


@dataclass(frozen=True)
class Hits:
    """What was found of one kind. `more`: there is more than is shown."""

    title: str
    hits: list[Hit]
    more: bool


def find(text: str) -> list[Hits]:
    """Places, people and what is shared, in a fixed number of queries. Kinds without a hit are left out."""
    words = text.split()
    found = [
        _municipalities(text, words),
        _units(text, words),
        _people(text, words),
        _shared(text),
    ]
    return [hits for hits in found if hits.hits]


def _each(words: Sequence[str], *fields: str) -> Q:
    """Every word stands in one of the fields, in capitals or not, also where the database knows no æ, ø and å."""
    return reduce(and_, (_any(word, fields) for word in words), Q())


def _any(word: str, fields: Iterable[str]) -> Q:
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__iregex": re.escape(word)})
    return found


def _municipalities(text: str, words: Sequence[str]) -> Hits:
    place = "municipality__"
    named = _each(words, f"{place}name", f"{place}name_official", f"{place}county__name")
    by_letter = Letter.objects.filter(case_number__iexact=text).values("participation")
    numbered = Q(**{f"{place}number": text}) | Q(**{f"{place}number_2020": text})
    rows = Participation.objects.filter(
        named | numbered | Q(case_number__iexact=text) | Q(their_reference__iexact=text) | Q(pk__in=by_letter)
    )
    rows = rows.select_related("municipality__county", "cohort").order_by("municipality__name", "-cohort__number", "pk")
    hits = [Hit(row.municipality.name_and_county, str(row.cohort), row.get_absolute_url()) for row in rows[: SHOWN + 1]]
    return _shown(_("Kommuner"), hits)


def _units(text: str, words: Sequence[str]) -> Hits:
    former = Unit.history.filter(_each(words, "name")).values("id")
    numbered = Unit.objects.numbered(text).values("pk")
    rows = Unit.objects.filter(_each(words, "name") | Q(pk__in=former) | Q(pk__in=numbered))
    rows = rows.select_related("participation__municipality__county", "participation__cohort")
    hits = [
        Hit(
            f"{unit.name}, {unit.get_kind_display()}",
            f"{unit.participation.municipality.name_and_county}, {str(unit.participation.cohort).lower()}",
            unit.get_absolute_url(),
        )
        for unit in rows.order_by("name", "-participation__cohort__number", "pk")[: SHOWN + 1]
    ]
    return _shown(_("Enheter"), hits)


def _people(text: str, words: Sequence[str]) -> Hits:
    asked = _each(words, "name", "email") | Q(email=canonical(text))
    asked |= Q(pk__in=Contact.objects.filter(_each(words, "name")).values("user"))
    asked |= Q(pk__in=Registration.objects.filter(_each(words, "name")).values("user"))
    asked |= Q(pk__in=AddressChange.objects.filter(before=canonical(text)).values("user"))
    if digits := _digits(text):
        for phones in (Contact.objects.all(), Supervisor.objects.all()):
            asked |= Q(pk__in=_with_phone(phones, digits).values("user"))
    rows = User.objects.filter(asked, merged_into__isnull=True).order_by("name", "pk")
    people = list(rows[: SHOWN + 1])
    functions = _functions(people)
    hits = [
        Hit(
            person.name or person.email,
            ", ".join([person.email, *functions[person.pk]]),
            reverse("changes:person", args=[person.pk]),
            person if may_be_seen(person) else None,
        )
        for person in people
    ]
    return _shown(_("Personer"), hits)


def _shared(text: str) -> Hits:
    today = timezone.localdate()
    rows = Publication.objects.with_words(text).in_words().order_by("-changed_at", "-pk")
    hits = [
        Hit(in_my_language(row), f"{row.concerns}. {row.state(today=today)}", row.get_absolute_url())
        for row in rows[: SHOWN + 1]
    ]
    return _shown(_("Dokumenter og nyheter"), hits)


def _digits(text: str) -> str:
    """The number that is telephoned, without the country's; empty when it is none."""
    plain = re.sub(r"[\s()\-.]", "", text)
    plain = re.sub(r"^(\+|00)47", "", plain)
    return plain if plain.isascii() and plain.isdigit() and len(plain) >= PHONE_DIGITS else ""


def _with_phone(rows: QuerySet, digits: str) -> QuerySet:
    number = Replace(Replace(F("phone"), Value(" "), Value("")), Value("-"), Value(""), output_field=CharField())
    return rows.annotate(number=number).filter(number__contains=digits)


def _functions(people: Sequence[User]) -> dict[int, list[str]]:
    """What each is now: "rektor, Sørlia skole"."""
    found: dict[int, list[str]] = defaultdict(list)
    contacts = Contact.objects.current().filter(user__in=people)
    for contact in contacts.select_related("unit", "participation__municipality__county").order_by("pk"):
        found[contact.user_id].append(f"{contact.title}, {contact.unit or contact.participation.municipality}")
    for supervisor in Supervisor.objects.filter(user__in=people):
        found[supervisor.user_id].append(_("veileder"))
    for officer in GovernorContact.objects.current().filter(user__in=people).select_related("governor"):
        found[officer.user_id].append(officer.governor.name)
    return found


def _shown(title: str, hits: list[Hit]) -> Hits:
    return Hits(capfirst(title), hits[:SHOWN], more=len(hits) > SHOWN)
