"""Staff's pages of one whole person: what they are and have been, which mails they get, and who changed what."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.authentication import second_factor
from accounts.models import User
from accounts.requests import PersonRequest
from gatherings.models import Registration
from guidance.models import GroupMember, GuidanceSession, Measure, ProjectLeader
from lmp.changes.people.correcting import for_staff
from lmp.seeing.access import why_not
from outbox import plan
from outbox.models import Message
from outbox.returns.addresses import dead_of, lift
from participants.models import Contact, GovernorContact
from parts.forms import say

AHEAD = timedelta(days=365)
NEWEST = 50  # of what grows: mails, sessions, measures, changes


@require_safe
def person(request: PersonRequest, pk: int) -> HttpResponse:
    found = for_staff(request, pk)
    held = Contact.objects.filter(user=found).select_related(
        "unit", "participation__municipality__county", "participation__cohort"
    )
    contacts = _current_first(held.order_by("-pk"))
    now_in = [str(contact.pk) for contact in contacts if contact.ended_at is None]
    memberships = GroupMember.objects.filter(supervisor__user=found).select_related(
        "group__participation__municipality__county", "group__participation__cohort"
    )
    context = {
        "person": found,
        "tab": "person",
        "write_to": reverse("writing:choose", query={"contact": ",".join(now_in)}) if now_in else "",
        "sees_as": not why_not(found, by=request.user),
        "has_factor": second_factor.is_set_up(found),
        "contacts": contacts,
        "governors": GovernorContact.objects.filter(user=found).select_related("governor"),
        "registrations": Registration.objects.filter(user=found)
        .with_places()
        .select_related("gathering__cohort")
        .order_by("-gathering__starts_on", "-pk"),
        "memberships": memberships.order_by("ended_on", "-pk"),
        "leads": ProjectLeader.objects.filter(user=found).first(),
        "sessions": GuidanceSession.objects.filter(supervisors__user=found)
        .select_related("group__participation__municipality__county", "group__participation__cohort")
        .order_by("-held_on", "-pk")[:NEWEST],
        "measures": Measure.objects.filter(opened_by=found).select_related("unit").order_by("-pk")[:NEWEST],
        "today": timezone.localdate(),
        "dead": dead_of([found.email]).get(found.email),
    }
    return render(request, "changes/person.html", context)


def _current_first(contacts: QuerySet[Contact]) -> list[Contact]:
    return sorted(contacts, key=lambda contact: contact.ended_at is not None)


@require_safe
def mails(request: PersonRequest, pk: int) -> HttpResponse:
    """Every mail that went to the person at whatever address, those to come, and why some don't."""
    found, now = for_staff(request, pk), timezone.now()
    sent = Message.objects.to_person(found).prefetch_related("further").order_by("-created_at", "-pk")[:NEWEST]
    going, left_out = plan.with_left_out(now, now + AHEAD)
    context = {
        "person": found,
        "tab": "mails",
        "sent": [(message, message.why_not_there or message.state_at(now).label) for message in sent],
        "coming": [mail for mail in going if mail.recipient.pk == found.pk],
        "left_out": [each for each in left_out if each.mail.recipient.pk == found.pk],
        "successors": [each.words for each in plan.coming_successors() if each.is_of(found.pk)],
        "silent": why_silent(found),
        "dead": dead_of([found.email]).get(found.email),
        "newest": NEWEST,
    }
    return render(request, "changes/person_mails.html", context)


def why_silent(person: User) -> list[str]:
    """Why the person does not get mails that somebody may expect them to get."""
    if person.merged_into:
        return [_("E-postene går til %(address)s.") % {"address": person.merged_into.email}]
    if not person.is_active:
        return [_("Personen er sperret, og får ingen e-poster.")]
    found = []
    contacts = (
        Contact.objects.current().filter(user=person).select_related("unit", "participation__municipality__county")
    )
    for contact in contacts.order_by("pk"):
        participation = contact.participation
        if participation.withdrawn_at:
            said = _("%(place)s: kommunen har trukket seg, så det går ingen påminnelser dit.")
        elif participation.welcomed_at is None:
            said = _("%(place)s: kommunen har ikke fått velkomstbrevet. Før det går ingen e-poster dit.")
        elif contact.function == Contact.Function.PPT:
            said = _("%(place)s: PP-tjenesten får verken velkomstbrevet eller påminnelser om å bekrefte.")
        elif contact.function == Contact.Function.HEAD:
            said = _(
                "%(place)s: styrere og rektorer får ikke velkomstbrevet. "
                "E-posten om tilgangen går når kommunen har bekreftet."
            )
        else:
            continue
        place = f"{contact.title}, {contact.unit or participation.municipality}"
        found.append(said % {"place": place[0].upper() + place[1:]})
    return found


@require_http_methods(["GET", "POST"])
def try_address(request: PersonRequest, pk: int) -> HttpResponse:
    """Write to the person's address again, on purpose. If it still does not work, the next mail comes back too."""
    found = for_staff(request, pk)
    if not request.user.has_perm("outbox.add_message"):
        raise PermissionDenied
    if request.method != "POST":
        return redirect("changes:person", found.pk)
    if lift(found.email, now=timezone.now()):
        say(
            request,
            _("Det som har ventet på %(name)s, sendes nå til %(email)s.") % {"name": found, "email": found.email},
        )
    else:
        say(request, _("Adressen er ikke stoppet."), level=messages.WARNING)
    return redirect("changes:person", found.pk)


@require_safe
def history(request: PersonRequest, pk: int) -> HttpResponse:
    found = for_staff(request, pk)
    context = {"person": found, "tab": "history", "rows": _who_changed_what(found)[:NEWEST], "newest": NEWEST}
    return render(request, "changes/person_history.html", context)


def _who_changed_what(person: User) -> list[tuple[datetime, str, str]]:
    """When, who and what, the newest first."""
    rows: list[tuple[datetime, str, str]] = []
    for changed in person.address_changes.select_related("changed_by")[:NEWEST]:
        said = _("E-postadressen: %(before)s ble %(after)s") % {"before": changed.before, "after": changed.after}
        rows.append((changed.changed_at, str(changed.changed_by), said))
    for gone in person.merged_from.select_related("merged_by"):
        if gone.merged_at:
            said = _("%(address)s ble slått sammen med denne") % {"address": gone.email}
            rows.append((gone.merged_at, str(gone.merged_by), said))
    kinds = {"+": _("Lagt til"), "~": _("Endret"), "-": _("Slettet")}
    contacts = Contact.history.filter(user=person).select_related(
        "history_user", "unit", "participation__municipality__county"
    )
    for row in contacts.order_by("-history_date")[:NEWEST]:
        place = row.unit or row.participation.municipality
        said = f"{kinds[row.history_type]}: {row.name}, {row.get_function_display()}, {place}"
        rows.append((row.history_date, str(row.history_user or ""), said))
    registrations = Registration.history.filter(user=person).select_related("history_user", "gathering__cohort")
    for row in registrations.order_by("-history_date")[:NEWEST]:
        said = f"{kinds[row.history_type]}: {row.name}, {row.gathering}"
        rows.append((row.history_date, str(row.history_user or ""), said))
    about = ContentType.objects.get_for_model(User)
    for entry in LogEntry.objects.filter(content_type=about, object_id=str(person.pk)).select_related("user")[:NEWEST]:
        rows.append((entry.action_time, str(entry.user), entry.get_change_message()))
    return sorted(rows, key=lambda row: row[0], reverse=True)
