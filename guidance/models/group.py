from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from guidance.models.supervisor import Supervisor
from participants.models import Participation, Strike
from parts.facts import by
from parts.history import HistoricalRecords


class GuidanceGroup(models.Model):
    """The two to four supervisors of a municipality."""

    participation = models.OneToOneField(
        Participation, models.PROTECT, related_name="guidance_group", verbose_name=_("kommune i pulje")
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
    group = models.ForeignKey(GuidanceGroup, models.PROTECT, related_name="members", verbose_name=_("veiledergruppe"))
    supervisor = models.ForeignKey(Supervisor, models.PROTECT, related_name="memberships", verbose_name=_("veileder"))
    leads = models.BooleanField(_("leder gruppa"), default=False)
    started_on = models.DateField(_("fra"))
    ended_on = models.DateField(_("til"), null=True, blank=True)
    _history_user: User  # set before it is saved: who the history says it is by

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

    def pass_on_work(self, *, to: Supervisor) -> None:
        """Hand on what is left when the membership has ended: its part in the coming sessions, and the unsent logs."""
        for session in self.group.sessions.planned().filter(supervisors=self.supervisor):
            session.supervisors.remove(self.supervisor)
            if not session.supervisors.exists():
                session.supervisors.add(to)
        for draft in self.group.log_drafts.filter(user=self.supervisor.user):
            draft.hand_over(to=to.user)


class Handover(models.Model):
    """A supervisor who left a group, their successor, and the note from the one to the other."""

    ended = models.OneToOneField(GroupMember, models.PROTECT, related_name="handed_over", verbose_name=_("sluttet"))
    started = models.ForeignKey(GroupMember, models.PROTECT, related_name="taken_over", verbose_name=_("overtok"))
    note = models.TextField(_("notat til den som overtar"), blank=True, max_length=4000)
    handed_over_at = models.DateTimeField(_("overlevert"))
    handed_over_by = by(_("registrert av"))
    strikes = GenericRelation(Strike, content_type_field="about_type", object_id_field="about_id")

    class Meta:
        verbose_name = _("overlevering")
        verbose_name_plural = _("overleveringer")
        ordering = ["-handed_over_at", "-pk"]

    def __str__(self) -> str:
        return gettext("%(new)s overtar etter %(old)s") % {"new": self.started, "old": self.ended}

    @property
    def mail_thread(self) -> GuidanceGroup:
        return self.ended.group


class Departure(models.Model):
    """A supervisor who left a group without a successor: taken out of it, or no longer in it when it was published."""

    member = models.OneToOneField(
        GroupMember, models.PROTECT, related_name="departure", verbose_name=_("medlem i veiledergruppe")
    )
    left_at = models.DateTimeField(_("sluttet"))
    left_by = by(_("registrert av"))
    # Publishing tells the municipality who is in its group, and the others in the group too.
    is_published = models.BooleanField(_("ved publisering"), default=False)

    class Meta:
        verbose_name = _("veileder som har sluttet")
        verbose_name_plural = _("veiledere som har sluttet")
        ordering = ["-left_at", "-pk"]

    def __str__(self) -> str:
        return str(self.member)

    @property
    def mail_thread(self) -> GuidanceGroup:
        return self.member.group
