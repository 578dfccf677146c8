"""Everything about one person is erased when they ask for it, by what lmp/privacy says each table holds.

What the archive law keeps stays as it is. Whoever has a function now is asked to hand it over first.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from gatherings.models import Needs, Registration
from guidance.erasing import erase_supervisor
from guidance.models import LogDraft, ProjectLeader, Supervisor
from lmp.changes import mails
from lmp.changes.models import Succession
from lmp.privacy.lines import HeldTable
from lmp.privacy.table import held
from lmp.sharing.models import Reading
from lmp.welcome.models import Letter
from lmp.writing.models import Recipient
from outbox.models import DeadAddress, ReturnedMail
from participants import erasing
from participants.models import Confirmation, Contact, Draft

# The fields that lead from a row to the person whose name stands in it.
OWN = ("user", "person", "successor", "before")
GONE = {"name": erasing.ERASED_NAME, "before_name": erasing.ERASED_NAME, "phone": "", "workplace": ""}


@dataclass(frozen=True)
class ErasedPerson:
    """How much went and what is left, in words and numbers: no more than the database holds afterwards."""

    pk: int
    gone: list[str]
    left: list[str]
    is_row_left: bool


def why_not(person: User, *, today: date) -> list[str]:
    """What must end before the person can be erased: nobody is taken out of work that is going on."""
    found = []
    if person.merged_into:
        found.append(_("Personen er slått sammen med en annen. Slett den andre."))
    if person.is_staff:
        found.append(_("Personen er ansatt i portalen. Avslutt tilgangen først."))
    current = (
        Contact.objects.current()
        .filter(user=person)
        .select_related("unit", "participation__municipality__county", "participation__cohort")
    )
    found += [
        _("Har en funksjon: %(title)s, %(place)s.")
        % {"title": contact.title, "place": contact.unit or contact.participation}
        for contact in current
    ]
    found += [
        _("Følger kommunene for %(office)s.") % {"office": each.governor}
        for each in person.governor_contacts.filter(ended_on__isnull=True).select_related("governor")
    ]
    supervisor = Supervisor.objects.filter(user=person).exclude(name=erasing.ERASED_NAME).first()
    if supervisor and supervisor.is_working(today=today):
        found.append(_("Er veileder."))
    if ProjectLeader.objects.current(today=today).filter(user=person).exists():
        found.append(_("Er prosjektleder ved Læringsmiljøsenteret."))
    if Succession.objects.coming().involving(person).exists():
        found.append(_("Det er avtalt at personen overtar eller gir fra seg en funksjon. Avlys det først."))
    coming = Registration.objects.active().filter(user=person, gathering__starts_on__gte=today)
    found += [
        _("Er påmeldt %(gathering)s. Meld av først.") % {"gathering": each.gathering}
        for each in coming.select_related("gathering__cohort")
    ]
    return found


@transaction.atomic
def erase(person: User, *, by: User, now: datetime) -> ErasedPerson:
    """Do all of it or nothing, and tell the person. Raise ValidationError for `why_not`."""
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if reasons := why_not(person, today=timezone.localdate(now)):
        raise ValidationError(reasons)
    pk, email, language = person.pk, person.email, mails.language_of(person)
    names, terms = _names(person), [*_alone_theirs(person), *erasing.addresses_of(person)]
    left = _archived(person)
    counts = {"own": _empty_own_rows(person), "rows": _delete_rows(person), "texts": _sweep(terms)}
    messages = person.messages.count()
    if not erasing.erase_person(person) and User.objects.filter(pk=pk).exists():
        erasing.reduce(User.objects.get(pk=pk))
    row = User.objects.filter(pk=pk).first()
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(pk),
        object_repr="",
        action_flag=CHANGE,
        change_message=_("Slettet opplysningene om en person"),
    )
    if row:
        name = _("navnet") if row.name != erasing.ERASED_NAME else _("ingenting som sier hvem det var")
        left.append(_("En rad uten adresse, for det personen har gjort. Der står %(what)s.") % {"what": name})
    mails.erased(email, pk=pk, language=language, left=left, now=now)
    gone = [
        _("Navn, e-postadresse, tidligere adresser og innlogging."),
        _("Navn og telefon i %(n)s funksjoner, påmeldinger og tidligere versjoner.") % {"n": counts["own"]},
        _("%(n)s utkast, behov, lesinger og mottakere.") % {"n": counts["rows"]},
        _("%(n)s e-poster til personen.") % {"n": messages},
        _("Navnet eller adressen i %(n)s andre tekster.") % {"n": counts["texts"]},
    ]
    if set(names) - set(terms):
        left.append(_("Andre kan ha samme navn, så vi har ikke lett etter navnet i tekster som andre har skrevet."))
    return ErasedPerson(pk, gone, left, row is not None)


def _names(person: User) -> list[str]:
    """Each that stands in a row that leads to the person, now or before."""
    found = {person.name}
    for _line, table, link, fields in _own_tables():
        rows = table._base_manager.filter(**{link: person.pk})
        for name in fields:
            if name in ("name", "before_name"):
                found |= set(rows.values_list(name, flat=True))
    return sorted(found - {"", erasing.ERASED_NAME})


def _alone_theirs(person: User) -> list[str]:
    """The names that nobody else has, of more than one word: what can be looked for in any text."""
    found = [name for name in _names(person) if " " in name]
    for _line, table, link, fields in _own_tables():
        others = table._base_manager.exclude(**{link: person.pk})
        for name in fields:
            if name in ("name", "before_name"):
                taken = set(others.filter(**{f"{name}__in": found}).values_list(name, flat=True))
                found = [each for each in found if each not in taken]
    same = User.objects.exclude(pk=person.pk).exclude(merged_into=person).filter(name__in=found)
    taken = set(same.values_list("name", flat=True))
    return [each for each in found if each not in taken]


def _own_tables() -> Iterator[tuple[HeldTable, type[models.Model], str, list[str]]]:
    """The tables with a name in them and a link to whose it is, each with the fields of that name."""
    for line in held():
        fields = [name for name in line.names.split() if name in GONE]
        for table in line.tables if fields else []:
            links = {field.name for field in table._meta.local_fields if field.related_model is User}
            for link in OWN:
                if link in links:
                    yield line, table, link, fields
                    break


def _empty_own_rows(person: User) -> int:
    count = 0
    for _line, table, link, fields in _own_tables():
        rows = table._base_manager.filter(**{link: person.pk})
        count += rows.update(**{name: GONE[name] for name in fields})
    for supervisor in Supervisor.objects.filter(user=person):
        erase_supervisor(supervisor)
    return count


def _delete_rows(person: User) -> int:
    """What is the person's alone, and nobody else's record of anything."""
    mine = [
        Needs.objects.filter(registration__user=person),
        Draft.objects.filter(user=person),
        LogDraft.objects.filter(user=person),
        Reading.objects.filter(person=person),
        Recipient.objects.filter(person=person),
        DeadAddress.objects.filter(address__in=erasing.addresses_of(person)),
        _mails_that_name(erasing.addresses_of(person)),
    ]
    count = sum(rows.count() for rows in mine)
    for rows in mine:
        rows.delete()
    return count


def _mails_that_name(addresses: Collection[str]) -> QuerySet[ReturnedMail]:
    """What came back, was not understood, and is from one of these addresses or has one in it."""
    mails = ReturnedMail.objects.unread()
    named = [address.lower().encode() for address in addresses]
    kept = mails.filter(source__isnull=False).values_list("pk", "source")
    holding = [pk for pk, source in kept if any(address in bytes(source or b"").lower() for address in named)]
    return mails.filter(Q(sender__in=addresses) | Q(pk__in=holding))


def _sweep(terms: Collection[str]) -> int:
    """Take these out of every text that is not archived, and of earlier versions. Return out of how many."""
    if not terms:
        return 0
    pattern = re.compile("|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True)), re.IGNORECASE)
    count = 0
    for line in held():
        for table in line.tables if line.model != User._meta.label else []:  # what they are called themselves: `reduce`
            for field in table._meta.local_fields:
                if field.name in line.erased and not field.choices and not field.primary_key:
                    count += _sweep_column(table, field, pattern, terms)
    return count


def _sweep_column(table: type[models.Model], field: models.Field, pattern: re.Pattern, terms: Collection[str]) -> int:
    if isinstance(field, models.EmailField) or not isinstance(
        field, (models.CharField, models.TextField, models.JSONField)
    ):
        return 0
    rows = table._base_manager.all()
    if not isinstance(field, models.JSONField):
        containing = Q()
        for term in terms:
            containing |= Q(**{f"{field.name}__icontains": term})
        rows = rows.filter(containing)
    count = 0
    for pk, value in rows.values_list("pk", field.name).iterator():
        swept = _without(value, pattern)
        if swept != value:
            table._base_manager.filter(pk=pk).update(**{field.name: swept})
            count += 1
    return count


def _without(value: Any, pattern: re.Pattern) -> Any:
    if isinstance(value, str):
        return pattern.sub(erasing.ERASED_NAME, value)
    if isinstance(value, list):
        return [_without(each, pattern) for each in value]
    if isinstance(value, dict):
        return {key: _without(each, pattern) for key, each in value.items()}
    return value


def _archived(person: User) -> list[str]:
    """What the archive law keeps, counted."""
    rounds = Confirmation.objects.filter(answered_at__isnull=False).filter(
        Q(answered_by=person) | Q(participation__contacts__user=person)
    )
    confirmations = rounds.distinct().count()
    letters = Letter.objects.filter(sent_at__isnull=False, participation__contacts__user=person).distinct().count()
    found = []
    if confirmations:
        text = ngettext(
            "%(n)s bekreftelse fra kommunen. Arkivlova krever at vi tar vare på den.",
            "%(n)s bekreftelser fra kommunen. Arkivlova krever at vi tar vare på dem.",
            confirmations,
        )
        found.append(text % {"n": confirmations})
    if letters:
        text = ngettext(
            "%(n)s brev til kommunen. Arkivlova krever at vi tar vare på det.",
            "%(n)s brev til kommunen. Arkivlova krever at vi tar vare på dem.",
            letters,
        )
        found.append(text % {"n": letters})
    return found
