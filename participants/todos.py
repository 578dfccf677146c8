"""What a person has left to do as a contact or as the head of a unit, and by when."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.todos import Todo
from participants.functions import Functions
from participants.models import Confirmation, Contact, Participation, ProjectGroupMember, Unit
from parts.dates import moment_in_words
from parts.names import joined
from parts.rows import annotated


def units(mine: Functions, now: datetime) -> list[Unit]:
    """The units that the person answers for in welcomed municipalities, with their groups. All todos begin here."""
    if not (mine.answers_for or mine.leads):
        return []
    today = timezone.localdate(now)
    return list(
        Unit.objects.active(today=today)
        .answered_for(mine.answers_for, mine.leads, today=today)
        .filter(participation__welcomed_at__isnull=False)
        .annotate(
            lacks_count=Exists(Unit.objects.lacking_count(today=today).filter(pk=OuterRef("pk"))),
            has_leader=Exists(ProjectGroupMember.objects.leading().filter(group__unit=OuterRef("pk"))),
            is_led=Exists(Contact.objects.current().filter(unit=OuterRef("pk"))),
        )
        .select_related("participation__municipality__county", "participation__cohort", "project_group")
    )


def todos(user: User, now: datetime, *, mine: Functions, units: Iterable[Unit]) -> list[Todo]:
    """Two queries, however many municipalities the person answers for; `units` are those of `units()`.

    One more where mail to somebody comes back.
    """
    answered_for = _welcomed(mine, today=timezone.localdate(now))
    to_confirm = {
        confirmation.participation_id: confirmation
        for confirmation in Confirmation.objects.open()
        .with_moves()
        .with_draft_of(user)
        .filter(participation__in=[each.pk for each in answered_for])
    }
    lacking: dict[Participation, list[Unit]] = defaultdict(list)
    uncounted: dict[int, list[Unit]] = defaultdict(list)
    for unit in units:
        if annotated(unit, "lacks_count", bool):
            uncounted[unit.participation_id].append(unit)
        # The contacts of the municipality confirm first; a head can begin at once.
        if not annotated(unit, "has_leader", bool) and unit.participation_id not in to_confirm:
            lacking[unit.participation].append(unit)

    found = []
    for participation in answered_for:
        if confirmation := to_confirm.get(participation.pk):
            found.append(_confirm(participation, confirmation, today=timezone.localdate(now)))
        else:
            found += _undecided(participation)
        if without_count := uncounted[participation.pk]:
            found.append(_count(participation, without_count))
    found += _addresses(answered_for)
    found += [_heads(participation, headless) for participation, headless in _without_head(units, mine, to_confirm)]
    found += [_project_groups(participation, without_group) for participation, without_group in lacking.items()]
    return found


def _without_head(
    units: Iterable[Unit], mine: Functions, to_confirm: Mapping[int, Confirmation]
) -> Iterable[tuple[Participation, list[Unit]]]:
    """The units that nobody leads, of municipalities the person answers for. Until one has confirmed, that asks it."""
    found: dict[Participation, list[Unit]] = defaultdict(list)
    for unit in units:
        asked = unit.participation_id in mine.answers_for and unit.participation_id not in to_confirm
        if asked and not annotated(unit, "is_led", bool):
            found[unit.participation].append(unit)
    return found.items()


def _addresses(participations: Iterable[Participation]) -> Iterable[Todo]:
    """The people of these municipalities whose mail comes back: whoever answers for one knows the right address."""
    those = [each.pk for each in participations if annotated(each, "has_unreached", bool)]
    if not those:
        return
    contacts = Contact.objects.unreached().filter(participation__in=those).select_related("user", "unit")
    for contact in contacts.order_by("name", "pk"):
        about = {"name": contact.name, "email": contact.user.email, "why": contact.mail_trouble}
        yield Todo(
            title=_("Rett e-postadressen til %(name)s") % about,
            text=_(
                "E-post til %(email)s kommer i retur. %(why)s. Bare innloggingskoder sendes dit før adressen er rettet."
            )
            % about,
            url=reverse("changes:correct_contact", args=[contact.pk]),
            button=_("Rett adressen"),
        )


def _heads(participation: Participation, units: list[Unit]) -> Todo:
    first = units[0]
    if len(units) == 1:
        title = _("Legg til %(title)s ved %(unit)s") % {"title": first.head_title, "unit": first}
        url = reverse("participants:add_contact", args=[participation.pk]) + f"?enhet={first.pk}"
    else:
        title = ngettext(
            "Legg til styrer eller rektor ved %(count)s enhet",
            "Legg til styrer eller rektor ved %(count)s enheter",
            len(units),
        ) % {"count": len(units)}
        url = reverse("participants:contacts", args=[participation.pk])
    return Todo(
        title=title,
        text=_("Ingen er registrert. Uten en leder får enheten ingen e-post fra prosjektet.")
        if len(units) == 1
        else joined(unit.name for unit in units),
        url=url,
        button=_("Legg til"),
    )


def _welcomed(mine: Functions, *, today: date) -> list[Participation]:
    """Those the person answers for, from the welcome letter on."""
    if not mine.answers_for:
        return []
    unreached = Contact.objects.unreached().filter(participation=OuterRef("pk"))
    found = Participation.objects.answered_for(mine.answers_for, today=today).filter(welcomed_at__isnull=False)
    found = found.annotate(has_unreached=Exists(unreached))
    return list(found.select_related("municipality__county", "cohort"))


def _confirm(participation: Participation, confirmation: Any, *, today: date) -> Todo:
    """Load the confirmation through `with_moves` and `with_draft_of`."""
    text = confirmation.reason or _("Se over kontaktpersonene, og skriv inn antall barn i hver enhet.")
    said = [text]
    if confirmation.moved_at:
        said.append(_("Dere har fått ny frist."))
    if saved_at := confirmation.draft_saved_at:
        said.append(draft_saved(saved_at, today=today))
    return Todo(
        title=_("Bekreft opplysningene for %(municipality)s") % {"municipality": participation.municipality},
        text=" ".join(said),
        url=reverse("participants:confirm", args=[participation.pk]),
        button=_("Fortsett") if saved_at else _("Bekreft opplysningene"),
        due_on=confirmation.due_on,
    )


def draft_saved(at: datetime, *, today: date) -> str:
    """That there is a draft; the clock alone for one of today."""
    if timezone.localdate(at) == today:
        return _("Utkast lagret kl. %(clock)s.") % {"clock": timezone.localtime(at).strftime("%H.%M")}
    return _("Utkast lagret %(moment)s.") % {"moment": moment_in_words(at)}


def _undecided(participation: Participation) -> list[Todo]:
    """What may be answered later than the rest, and is not answered yet."""
    url = reverse("participants:decisions", args=[participation.pk])
    found = []
    if not participation.ppt:
        found.append(
            Todo(
                title=_("Avgjør om PP-tjenesten deltar"),
                text=_("%(municipality)s har ikke svart ennå.") % {"municipality": participation.municipality},
                url=url,
                button=_("Svar"),
            )
        )
    if participation.political_informed_on is None:
        found.append(
            Todo(
                title=_("Informer politisk nivå"),
                text=_("Registrer hvilket politisk organ i %(municipality)s som er informert, og når.")
                % {"municipality": participation.municipality},
                url=url,
                button=_("Registrer"),
            )
        )
    return found


def _count(participation: Participation, units: list[Unit]) -> Todo:
    page = reverse("overview:participation", args=[participation.pk]) + "#enheter"
    return Todo(
        title=ngettext("Skriv inn antall barn ved %(unit)s", "Skriv inn antall barn ved %(count)s enheter", len(units))
        % {"unit": units[0], "count": len(units)},
        text=_("Resten av det dere har bekreftet, gjelder fortsatt.")
        if len(units) == 1
        else joined(unit.name for unit in units),
        url=reverse("participants:count", args=[units[0].pk]) if len(units) == 1 else page,
        button=_("Skriv inn"),
    )


def _project_groups(participation: Participation, units: list[Unit]) -> Todo:
    if len(units) == 1:
        url = reverse("participants:project_group", args=[units[0].pk])
        if hasattr(units[0], "project_group"):
            text = _("Gruppa mangler leder. Styrer eller rektor leder den.")
        else:
            text = _("Gruppa driver prosjektet i enheten. Styrer eller rektor leder den.")
    else:
        url = reverse("overview:participation", args=[participation.pk]) + "#enheter"
        text = joined(unit.name for unit in units)
    return Todo(
        title=ngettext(
            "Sett sammen prosjektgruppa ved %(unit)s", "Sett sammen prosjektgruppa ved %(count)s enheter", len(units)
        )
        % {"unit": units[0], "count": len(units)},
        text=text,
        url=url,
        button=_("Sett sammen"),
        # A deadline that had passed before the municipality was welcomed concerns nobody.
        due_on=participation.cohort.starts_on
        if participation.welcomed_at and participation.cohort.starts_on > participation.welcomed_at.date()
        else None,
    )
