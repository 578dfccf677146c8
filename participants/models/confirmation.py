from datetime import date, datetime

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import User
from participants.models.participation import Participation
from participants.models.strike import Strike
from parts.facts import by, who_and_when
from parts.names import OneLineField


class ConfirmationQuerySet(models.QuerySet["Confirmation"]):
    def visible_to(self, user: User) -> "ConfirmationQuerySet":
        return self.filter(participation__in=Participation.objects.visible_to(user))

    def overdue(self, *, today: date) -> "ConfirmationQuerySet":
        """Many rows' `is_overdue`."""
        return self.open().filter(due_on__lt=today)

    def open(self) -> "ConfirmationQuerySet":
        return self.filter(answered_at__isnull=True, participation__withdrawn_at__isnull=True)

    def with_moves(self) -> "ConfirmationQuerySet":
        """Each with `moved_at`: when its deadline was last moved. None: it has the one that it was asked with."""
        return self.annotate(moved_at=models.Max("deadline_changes__changed_at"))

    def with_draft_of(self, user: User) -> "ConfirmationQuerySet":
        """Each with `draft_saved_at`: when this person last saved a draft; None without one."""
        drafts = Draft.objects.filter(confirmation=models.OuterRef("pk"), user=user)
        return self.annotate(draft_saved_at=models.Subquery(drafts.values("saved_at")))


class Confirmation(models.Model):
    """One round of "is this right?". Once answered, the snapshot can't be edited: the database refuses it too."""

    participation = models.ForeignKey(
        Participation,
        models.PROTECT,
        related_name="confirmations",
        verbose_name=gettext_lazy("kommune i pulje"),
    )
    round = models.PositiveSmallIntegerField(gettext_lazy("runde"))
    year = models.PositiveSmallIntegerField(gettext_lazy("prosjektår"), default=1)
    reason = OneLineField(gettext_lazy("hvorfor runden ble åpnet"), max_length=300, blank=True)
    asked_at = models.DateTimeField(gettext_lazy("åpnet"))
    asked_by = by(gettext_lazy("åpnet av"))
    due_on = models.DateField(gettext_lazy("frist"))
    answered_at = models.DateTimeField(gettext_lazy("bekreftet"), null=True, blank=True)
    answered_by = by(gettext_lazy("bekreftet av"), optional=True)
    asked_about = models.JSONField(
        gettext_lazy("det vi spurte om"), default=dict, blank=True, encoder=DjangoJSONEncoder
    )
    snapshot = models.JSONField(
        gettext_lazy("det som ble bekreftet"), default=dict, blank=True, encoder=DjangoJSONEncoder
    )
    changes = models.JSONField(gettext_lazy("det som ble endret"), default=list, blank=True, encoder=DjangoJSONEncoder)
    comment = models.TextField(gettext_lazy("melding til Utdanningsdirektoratet"), max_length=2000, blank=True)
    strikes = GenericRelation(Strike, content_type_field="about_type", object_id_field="about_id")

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("bekreftelse")
        verbose_name_plural = gettext_lazy("bekreftelser")
        ordering = ["participation", "-round"]
        constraints = [
            models.UniqueConstraint(fields=["participation", "round"], name="confirmation_round_once"),
            models.UniqueConstraint(
                fields=["participation"],
                condition=models.Q(answered_at__isnull=True),
                name="one_open_confirmation_at_a_time",
            ),
            who_and_when("answered"),
        ]

    def __str__(self) -> str:
        return _("%(participation)s, runde %(round)s") % {
            "participation": self.participation,
            "round": self.round,
        }

    @property
    def is_open(self) -> bool:
        return self.answered_at is None

    @property
    def informed_on(self) -> date | None:
        """The day the political level was informed, as it was confirmed."""
        return parse_date(self.snapshot.get("political", {}).get("informed_on") or "")

    @property
    def changes_told(self) -> list[dict]:
        """What changed, in the language of the current reader. A first figure of a unit stands with the unit."""
        return [_told(change) for change in self.changes if not change.get("first_count")]

    @property
    def contacts_told(self) -> list[dict]:
        return [_told(contact) for contact in self.snapshot.get("contacts", [])]

    @property
    def units_told(self) -> list[dict]:
        """The units as they were confirmed, each with the day it was counted."""
        units = self.snapshot.get("units", [])
        return [unit | {"counted": parse_date(unit.get("counted_on") or "")} for unit in units]

    @property
    def corrected(self) -> "Confirmation | None":
        """The answer that this round corrects: the one before it in the same project year."""
        same_year = Confirmation.objects.filter(participation=self.participation_id, year=self.year)
        return same_year.filter(round__lt=self.round, answered_at__isnull=False).order_by("-round").first()

    @property
    def reference(self) -> str:
        """What a person names when they ask about this answer."""
        return f"B{self.participation_id}-{self.round}"

    def is_overdue(self, *, today: date) -> bool:
        return self.is_open and today > self.due_on

    def answer(self, *, snapshot: dict, changes: list, comment: str, by: User, now: datetime) -> None:
        """Raises ValidationError when the round has been answered already."""
        if not self.is_open:
            raise ValidationError(_("Runden er allerede bekreftet."), code="answered")
        self.snapshot, self.changes, self.comment = snapshot, changes, comment
        self.answered_at, self.answered_by = now, by
        self.save()

    def keep_draft(self, *, data: dict, base: dict, by: User, now: datetime, sent: dict | None = None) -> None:
        """Keep what this person has typed, as typed, with what was stored when they began."""
        Draft.objects.update_or_create(
            confirmation=self, user=by, defaults={"data": data, "base": base, "sent": sent or {}, "saved_at": now}
        )


def _told(row: dict) -> dict:
    """A stored row with its words in the active language, if they were stored in it."""
    return row | row.get(get_language() or "", {})


class Draft(models.Model):
    """What one person has typed in the confirmation, as typed, and what was stored when they began."""

    confirmation = models.ForeignKey(Confirmation, models.PROTECT, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="confirmation_drafts")
    data = models.JSONField()
    base = models.JSONField()
    sent = models.JSONField(default=dict)  # the page it was last saved from, and what was typed there
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = gettext_lazy("utkast")
        verbose_name_plural = gettext_lazy("utkast")
        constraints = [models.UniqueConstraint(fields=["confirmation", "user"], name="one_draft_a_person")]

    def __str__(self) -> str:
        return f"{self.confirmation}: {self.user}"

    def hand_over(self, *, to: User) -> bool:
        """Give the draft to a successor. False when they have begun one of their own, which stays."""
        if self.confirmation.drafts.filter(user=to).exists():
            return False
        self.user = to
        self.save(update_fields=["user"])
        return True
