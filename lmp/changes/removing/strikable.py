"""What can be struck, by whom, and where it leads back to. Each app says who may; a stranger gets 404."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from django.db.models import Model, Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from gatherings.day import evaluation as evaluations
from gatherings.models import Answer, LateRequest, NobodyComes, Registration
from gatherings.registration import late_requests
from gatherings.registration import striking as gatherings
from guidance import access
from guidance import striking as guidance
from guidance.mails.measures import CORRECTED, OPENED
from guidance.mails.texts import MEASURES
from guidance.models import GuidanceSession, Measure, PulseAnswer
from guidance.models.session import TEXTS
from lmp.desk.models import Note
from lmp.mailcalendar.access import may_pause
from lmp.mailcalendar.models import MailPause
from lmp.sharing import access as sharing_access
from lmp.sharing import striking as sharing
from lmp.sharing.models import FileVersion, Publication
from participants.models import Confirmation, Participation, ProjectGroupMember, Unit
from participants.striking import row as row_striking
from participants.striking import texts as participants
from participants.striking.row import Struck

# (texts, reason=, by=, now=)
Act = Callable[..., Struck]


@dataclass(frozen=True)
class Strikable:
    """A row with texts that this person may take away."""

    row: Model
    title: str
    texts: dict[str, str]  # those that hold something: the field's name, and what its page calls it
    act: Act
    back: str  # where the text stands
    paths: Collection[str]  # the pages whose unsent forms may hold it
    mails: Collection[str] = ()  # the mails that may list it among others
    mailed: Model | None = None  # what the mails that hold it are about, where that is not the row
    whole: bool = False  # all of it goes, with nothing to choose
    said: dict[str, str] = field(default_factory=dict)  # what stands there, where that is not the row's own field

    def text(self, name: str) -> str:
        return self.said.get(name) or getattr(self.row, name)

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Each by its label, as it stands: nobody has to guess what goes."""
        return [(label, self.text(name)) for name, label in self.texts.items()]


# What a page calls a text, where that is not the field's own name.
_ON_THE_PAGE = {
    "worked_on": gettext_lazy("Dette arbeidet vi med"),
    "agreed": gettext_lazy("Dette er avtalt"),
    "why": gettext_lazy("Hvorfor"),
    "who": gettext_lazy("Ansvar"),
    "progress": gettext_lazy("Hvordan det går"),
}


def _labels(row: Model, names: Collection[str]) -> dict[str, str]:
    return {name: str(_ON_THE_PAGE.get(name) or _label(type(row), name)) for name in names if getattr(row, name)}


def _label(model: type[Model], name: str) -> str:
    fields = {each.name: each for each in model._meta.concrete_fields}
    return capfirst(str(fields[name].verbose_name))


def log(user: User, pk: int, *, today: date) -> Strikable:
    logs = access.logs_to_strike(user, today=today).select_related("group__participation__municipality__county")
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
        _("Fjern det som sto i loggen før rettelsen"),
        labels,
        lambda _texts, **facts: guidance.strike_correction(row, **facts),
        row.session.get_absolute_url(),
        [reverse("guidance:supervisor")],
        whole=True,
        said={name: row.before[name] for name in labels},
    )


def change(user: User, pk: int, *, today: date) -> Strikable:
    """Why a session was moved or cancelled."""
    rows = access.changes_to_strike(user, today=today).select_related("session")
    row = get_object_or_404(rows, pk=pk)
    return Strikable(
        row,
        _("Fjern grunnen til at møtet ble endret"),
        _labels(row, ["reason"]),
        lambda _texts, **facts: guidance.strike_change(row, **facts),
        row.session.get_absolute_url(),
        [reverse(f"guidance:{page}", args=[row.session_id]) for page in ("move_session", "cancel_session")],
        mailed=row.session,
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


def follow_up(user: User, pk: int, *, today: date) -> Strikable:
    row = get_object_or_404(access.follow_ups_to_strike(user, today=today), pk=pk)
    page = reverse("guidance:follow_up", args=[row.participation_id])
    return Strikable(
        row,
        _("Fjern notatet om hva som er fulgt opp"),
        _labels(row, ["note"]),
        lambda _texts, **facts: guidance.strike_follow_up(row, **facts),
        page,
        [page],
    )


def staff_note(user: User, pk: int, *, today: date) -> Strikable:
    """Of a municipality, by Udir's staff: they alone read it."""
    row = get_object_or_404(Note.objects.all() if user.is_staff else Note.objects.none(), pk=pk)
    page = reverse("desk:notes", args=[row.participation_id])
    return Strikable(
        row,
        _("Fjern notatet om kommunen"),
        _labels(row, ["text"]),
        lambda texts, **facts: row_striking.strike(row_striking.locked(row), texts, **facts),
        page,
        [page],
    )


def pause(user: User, pk: int, *, today: date) -> Strikable:
    """Why a reminder is switched off, by those who may switch it off. It stays off."""
    row = get_object_or_404(MailPause.objects.all() if may_pause(user) else MailPause.objects.none(), pk=pk)
    page = reverse("mailcalendar:pauses")
    return Strikable(
        row,
        _("Fjern grunnen til at påminnelsen er slått av"),
        _labels(row, ["reason"]),
        lambda texts, **facts: row_striking.strike(row_striking.locked(row), texts, **facts),
        page,
        [page],
    )


def pulse(user: User, pk: str, *, today: date) -> Strikable:
    """A line that names nobody as its writer: whoever reads it may take it away."""
    rows = PulseAnswer.objects.filter(access.if_leads_guidance(user, today=today))
    row = get_object_or_404(rows.select_related("group__participation"), pk=pk)
    return Strikable(
        row,
        _("Fjern en kommentar om et møte"),
        {"line": _("Kommentaren")} if row.line else {},
        lambda _texts, **facts: guidance.strike_pulse(row, **facts),
        reverse("guidance:cohort_pulse", args=[row.group.participation.cohort_id]),
        [],
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


def former_member(user: User, pk: int, *, today: date) -> Strikable:
    """Of a unit that this person answers for; Udir's staff all. `pk` is that of the removal in the group's history."""
    own = Q(group__unit__in=Unit.objects.editable_by(user, today=today))
    rows = ProjectGroupMember.history.filter(Q() if user.is_staff else own, history_type="-")
    row = get_object_or_404(rows.select_related("group__unit"), pk=pk)
    return Strikable(
        row,
        _("Fjern navnet på et tidligere medlem i prosjektgruppa"),
        _labels(row, ["name"]),
        lambda _texts, **facts: participants.strike_former_member(row, **facts),
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


def reimbursement(user: User, pk: int, *, today: date) -> Strikable:
    """Why staff decided otherwise than the rule. Udir's staff alone."""
    rows = Registration.objects.all() if user.is_staff else Registration.objects.none()
    row = get_object_or_404(rows.exclude(reimbursement=""), pk=pk)
    page = reverse("admin:gatherings_registration_reimbursement", args=[row.pk])
    has_reason = row.reimbursement_reason != gatherings.REMOVED
    return Strikable(
        row,
        _("Fjern begrunnelsen for avgjørelsen om utgifter"),
        _labels(row, ["reimbursement_reason"]) if has_reason else {},
        lambda _texts, **facts: gatherings.strike_reason(row, **facts),
        page,
        [page],
    )


def nobody_comes(user: User, pk: int, *, today: date) -> Strikable:
    """What was noted with the answer: by who answers for the place; Udir's staff all."""
    rows = NobodyComes.objects.all() if user.is_staff else NobodyComes.objects.editable_by(user, today=today)
    row = get_object_or_404(rows, pk=pk)
    admin = reverse("admin:gatherings_registration_answers", args=[row.gathering_id])
    page = reverse("gatherings:nobody_comes", args=[row.gathering_id])
    return Strikable(
        row,
        _("Fjern merknaden om at ingen kommer"),
        _labels(row, ["note"]),
        lambda _texts, **facts: gatherings.strike_note(row, **facts),
        admin if user.is_staff else page,
        [page],
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


def publication(user: User, pk: int, *, today: date) -> Strikable:
    """Of those who share."""
    rows = Publication.objects.all() if sharing_access.may_share(user) else Publication.objects.none()
    row = get_object_or_404(rows, pk=pk)
    pages = [reverse("sharing:new"), reverse("sharing:change", args=[row.pk])]
    act = partial(sharing.strike_publication, row)
    title = _("Fjern tekst i et innlegg")
    return Strikable(row, title, _labels(row, Publication.TEXTS), act, row.get_absolute_url(), pages)


def file(user: User, pk: int, *, today: date) -> Strikable:
    """Of those who share: a version of a file, with its name and all that is in it."""
    rows = FileVersion.objects.all() if sharing_access.may_share(user) else FileVersion.objects.none()
    row = get_object_or_404(rows.select_related("file"), pk=pk)
    return Strikable(
        row,
        _("Fjern en fil"),
        {"name": _("Fila og navnet på den")} if row.name else {},
        lambda _texts, **facts: sharing.strike_file(row, **facts),
        reverse("sharing:files", args=[row.file.publication_id]),
        [],
        whole=True,
    )


KINDS: dict[str, Callable[..., Strikable]] = {
    "log": log,
    "correction": correction,
    "change": change,
    "measure": measure,
    "note": note,
    "follow_up": follow_up,
    "staff_note": staff_note,
    "pause": pause,
    "pulse": pulse,
    "member": member,
    "former_member": former_member,
    "comment": comment,
    "late_request": late_request,
    "reimbursement": reimbursement,
    "nobody_comes": nobody_comes,
    "evaluation": evaluation,
    "publication": publication,
    "file": file,
}
