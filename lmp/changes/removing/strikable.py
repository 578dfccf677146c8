"""What can be struck, by whom, and where it leads back to. Each app says who may; a stranger gets 404."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db.models import Model, Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from gatherings.day import evaluation as evaluations
from gatherings.models import Answer, LateRequest
from gatherings.registration import late_requests
from guidance import access
from guidance import striking as guidance
from guidance.mails.measures import CORRECTED, OPENED
from guidance.mails.texts import MEASURES
from guidance.models import GuidanceSession, Measure
from guidance.models.session import TEXTS
from participants.models import Confirmation, Participation, ProjectGroupMember, Unit
from participants.striking import texts as participants
from participants.striking.row import Struck

# (texts, reason=, by=, now=)
Act = Callable[..., Struck]


@dataclass(frozen=True)
class Strikable:
    """A row with texts that this person may take away."""

    row: Model
    title: str
    texts: dict[str, str]  # those that hold something: the field's name, and what it is called
    act: Act
    back: str  # where the text stands
    paths: Collection[str]  # the pages whose unsent forms may hold it
    mails: Collection[str] = ()  # the mails that may list it among others
    whole: bool = False  # all of it goes, with nothing to choose


def _labels(row: Model, names: Collection[str]) -> dict[str, str]:
    return {name: _label(type(row), name) for name in names if getattr(row, name)}


def _label(model: type[Model], name: str) -> str:
    fields = {field.name: field for field in model._meta.concrete_fields}
    return capfirst(str(fields[name].verbose_name))


def log(user: User, pk: int, *, today: date) -> Strikable:
    logs = access.logs_to_strike(user, today=today).select_related("group__participation__municipality")
    row = get_object_or_404(logs, pk=pk)
    return Strikable(
        row,
        _("Fjern tekst i loggen for %(name)s") % {"name": row.group.participation.municipality},
        _labels(row, TEXTS),
        partial(guidance.strike_log, row),
        row.get_absolute_url(),
        [reverse("guidance:supervisor")],
    )


def correction(user: User, pk: int, *, today: date) -> Strikable:
    rows = access.corrections_to_strike(user, today=today).select_related("session")
    row = get_object_or_404(rows, pk=pk)
    labels = {name: _label(GuidanceSession, name) for name in TEXTS if row.before.get(name)}
    return Strikable(
        row,
        _("Fjern det loggen sa før rettelsen"),
        labels,
        lambda _texts, **facts: guidance.strike_correction(row, **facts),
        row.session.get_absolute_url(),
        [reverse("guidance:supervisor")],
        whole=True,
    )


def measure(user: User, pk: int, *, today: date) -> Strikable:
    row = get_object_or_404(Measure.objects.removable_by(user, today=today).select_related("unit"), pk=pk)
    return Strikable(
        row,
        _("Fjern tekst i tiltaket"),
        _labels(row, Measure.TEXTS),
        partial(guidance.strike_measure, row),
        row.get_absolute_url(),
        [row.get_absolute_url(), reverse("guidance:measures", args=[row.unit_id])],
        [MEASURES.name, OPENED.name, CORRECTED.name],
    )


def note(user: User, pk: int, *, today: date) -> Strikable:
    row = get_object_or_404(access.notes_to_strike(user, today=today).select_related("started__group"), pk=pk)
    return Strikable(
        row,
        _("Fjern notatet til den som overtok"),
        _labels(row, ["note"]),
        lambda _texts, **facts: guidance.strike_note(row, **facts),
        reverse("changes:replace_member", args=[row.ended_id]),
        [reverse("changes:replace_member", args=[row.ended_id])],
    )


def member(user: User, pk: int, *, today: date) -> Strikable:
    """Of a unit that this person answers for; Udir's staff all."""
    own = Q(group__unit__in=Unit.objects.editable_by(user, today=today))
    rows = ProjectGroupMember.objects.filter(Q() if user.is_staff else own).select_related("group")
    row = get_object_or_404(rows, pk=pk)
    return Strikable(
        row,
        _("Fjern navnet på et medlem i prosjektgruppa"),
        _labels(row, ["name"]),
        lambda _texts, **facts: participants.strike_member(row, **facts),
        reverse("participants:unit", args=[row.group.unit_id]),
        [reverse("participants:project_group", args=[row.group.unit_id])],
    )


def comment(user: User, pk: int, *, today: date) -> Strikable:
    """Of a municipality that this person answers for; Udir's staff all."""
    own = Q(participation__in=Participation.objects.editable_by(user, today=today))
    rows = Confirmation.objects.filter(Q() if user.is_staff else own, answered_at__isnull=False)
    row = get_object_or_404(rows, pk=pk)
    return Strikable(
        row,
        _("Fjern meldingen som fulgte bekreftelsen"),
        _labels(row, ["comment"]),
        lambda _texts, **facts: participants.strike_comment(row, **facts),
        reverse("participants:receipt", args=[row.participation_id, row.round]),
        [reverse("participants:confirm", args=[row.participation_id])],
    )


def late_request(user: User, pk: int, *, today: date) -> Strikable:
    """Of the person who asked; Udir's staff all."""
    own = Q(asked_by=user)
    row = get_object_or_404(LateRequest.objects.filter(Q() if user.is_staff else own), pk=pk)
    page = reverse("gatherings:late_request", args=[row.gathering_id])
    admin = reverse("admin:gatherings_laterequest_change", args=[row.pk])
    names = ["text", "answer"] if user.is_staff else ["text"]
    return Strikable(
        row,
        _("Fjern tekst i spørsmålet etter fristen"),
        _labels(row, names),
        partial(late_requests.strike, row),
        admin if user.is_staff else page,
        [page, admin],
    )


def evaluation(user: User, pk: str, *, today: date) -> Strikable:
    """A comment that names nobody as its writer: only Udir's staff can tell what is wrong with it."""
    row = get_object_or_404(Answer.objects.all() if user.is_staff else Answer.objects.none(), pk=pk)
    return Strikable(
        row,
        _("Fjern en kommentar i evalueringen"),
        {"comment": _("Kommentaren")} if row.comment else {},
        lambda _texts, **facts: evaluations.strike(row, **facts),
        reverse("gatherings:results", args=[row.gathering_id]),
        [],
    )


KINDS: dict[str, Callable[..., Strikable]] = {
    "log": log,
    "correction": correction,
    "measure": measure,
    "note": note,
    "member": member,
    "comment": comment,
    "late_request": late_request,
    "evaluation": evaluation,
}
