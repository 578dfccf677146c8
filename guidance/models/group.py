from datetime import datetime

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import User
from guidance.models.supervisor import Supervisor
from participants.models import Participation


class GuidanceGroup(models.Model):
    """The two to four supervisors whom a municipality deals with."""

    participation = models.OneToOneField(
        Participation, models.CASCADE, related_name="guidance_group", verbose_name=_("kommune i pulje")
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("veiledergruppe")
        verbose_name_plural = _("veiledergrupper")
        ordering = ["participation"]

    def __str__(self) -> str:
        return str(self.participation)


class GroupMemberQuerySet(models.QuerySet["GroupMember"]):
    def current(self) -> "GroupMemberQuerySet":
        return self.filter(ended_on__isnull=True)

    def of(self, user: User) -> "GroupMemberQuerySet":
        """This person's memberships now."""
        return self.current().filter(supervisor__user=user, supervisor__user__is_active=True)

    def participations_of(self, user: User) -> models.QuerySet:
        """The participations that this person supervises now."""
        return self.of(user).values("group__participation")


class GroupMember(models.Model):
    group = models.ForeignKey(GuidanceGroup, models.CASCADE, related_name="members", verbose_name=_("veiledergruppe"))
    supervisor = models.ForeignKey(Supervisor, models.PROTECT, related_name="memberships", verbose_name=_("veileder"))
    leads = models.BooleanField(_("leder gruppa"), default=False)
    started_on = models.DateField(_("fra"))
    ended_on = models.DateField(_("til"), null=True, blank=True)

    objects = GroupMemberQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("medlem i veiledergruppe")
        verbose_name_plural = _("medlemmer i veiledergruppe")
        ordering = ["-leads", "supervisor__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "supervisor"],
                condition=models.Q(ended_on__isnull=True),
                name="supervisor_once_in_a_group",
            ),
            models.UniqueConstraint(
                fields=["group"],
                condition=models.Q(ended_on__isnull=True, leads=True),
                name="one_leads_a_group",
            ),
        ]

    def __str__(self) -> str:
        return str(self.supervisor)

    @transaction.atomic
    def replace(self, *, successor: Supervisor, note: str, by: User, now: datetime) -> "GroupMember":
        """Hand over to another supervisor: a note, the coming sessions, the unsent logs and the access.

        The old one's access ends at once. Who is in the group already takes over as well, and leads if the old one did.
        """
        today = timezone.localdate(now)
        self.ended_on = today
        self._history_user = by
        self.save(update_fields=["ended_on"])
        new = self.group.members.current().filter(supervisor=successor).first()
        if new is None:
            new = GroupMember(group=self.group, supervisor=successor, started_on=today)
        new.leads = new.leads or self.leads
        new._history_user = by
        new.save()
        for session in self.group.sessions.planned().filter(supervisors=self.supervisor):
            session.supervisors.remove(self.supervisor)
            session.supervisors.add(successor)
        for draft in self.group.log_drafts.filter(user=self.supervisor.user):
            draft.hand_over(to=successor.user)
        Handover.objects.create(ended=self, started=new, note=note, handed_over_at=now, handed_over_by=by)
        return new


class Handover(models.Model):
    """A supervisor who left a group, who came instead, and what the one wrote to the other."""

    ended = models.OneToOneField(GroupMember, models.CASCADE, related_name="handed_over", verbose_name=_("sluttet"))
    started = models.ForeignKey(GroupMember, models.CASCADE, related_name="taken_over", verbose_name=_("overtok"))
    note = models.TextField(_("notat til den som overtar"), blank=True, max_length=4000)
    handed_over_at = models.DateTimeField(_("overlatt"))
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("registrert av")
    )

    class Meta:
        verbose_name = _("overlating")
        verbose_name_plural = _("overlatinger")
        ordering = ["-handed_over_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.ended} → {self.started}"
