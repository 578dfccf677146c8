from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from guidance.models.cohort_settings import FEWEST
from guidance.models.supervisor import Supervisor
from participants.models import Participation
from parts.facts import by
from parts.history import HistoricalRecords


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

        The old one's access ends at once. A group is led by somebody from Læringsmiljøsenteret: when the leader hands
        over to somebody from practice, another of theirs in the group leads on. Raises ValidationError when there is
        none, or when the membership has ended already.
        """
        today = timezone.localdate(now)
        GuidanceGroup.objects.select_for_update().get(pk=self.group_id)
        self._end(today=today, by=by)
        new = self.group.members.current().filter(supervisor=successor).first()
        if new is None:
            new = GroupMember(group=self.group, supervisor=successor, started_on=today)
            new._history_user = by
            new.save()
        if self.leads:
            self._pass_on_the_lead(first=new, by=by)
        self._leave_open_compositions(successor=successor)
        for session in self.group.sessions.planned().filter(supervisors=self.supervisor):
            session.supervisors.add(successor)
        self.pass_on_work(to=successor)
        Handover.objects.create(ended=self, started=new, note=note, handed_over_at=now, handed_over_by=by)
        return new

    @transaction.atomic
    def end(self, *, by: User, now: datetime) -> None:
        """Leave without a successor. The others go on with the coming sessions, the leader with the unsent logs.

        Raises ValidationError when too few are left, nobody from Læringsmiljøsenteret could lead, or it has ended.
        """
        GuidanceGroup.objects.select_for_update().get(pk=self.group_id)
        if self.group.members.current().exclude(pk=self.pk).count() < FEWEST:
            raise ValidationError(
                _("Gruppa må ha minst to veiledere. Erstatt veilederen med en annen i stedet."), code="too_few"
            )
        self._end(today=timezone.localdate(now), by=by)
        if self.leads:
            self._pass_on_the_lead(first=None, by=by)
        self._leave_open_compositions(successor=None)
        self.pass_on_work(to=self.group.members.current().select_related("supervisor__user")[0].supervisor)

    def pass_on_work(self, *, to: Supervisor) -> None:
        """Once the membership has ended: its part in the coming sessions, and the logs that are not sent in."""
        for session in self.group.sessions.planned().filter(supervisors=self.supervisor):
            session.supervisors.remove(self.supervisor)
            if not session.supervisors.exists():
                session.supervisors.add(to)
        for draft in self.group.log_drafts.filter(user=self.supervisor.user):
            draft.hand_over(to=to.user)

    def _end(self, *, today: date, by: User) -> None:
        if not GroupMember.objects.current().filter(pk=self.pk).exists():
            raise ValidationError(_("Veilederen har allerede forlatt gruppa."), code="ended")
        self.ended_on = today
        self._history_user = by
        self.save(update_fields=["ended_on"])

    def _pass_on_the_lead(self, *, first: "GroupMember | None", by: User) -> None:
        centre = Supervisor.Employer.CENTRE
        others = self.group.members.current().filter(supervisor__employer=centre)
        leader = first if first and first.supervisor.employer == centre else others.order_by("pk").first()
        if leader is None:
            raise ValidationError(_("Gruppa ledes av noen fra Læringsmiljøsenteret. Velg en derfra."), code="no_leader")
        leader.leads = True
        leader._history_user = by
        leader.save(update_fields=["leads"])

    def _leave_open_compositions(self, *, successor: Supervisor | None) -> None:
        """What is being worked on begins with the groups as they are, so it follows."""
        from guidance.models.composition import ProposedSeat

        participation = self.group.participation_id
        seats = ProposedSeat.objects.filter(composition__published_at__isnull=True, participation=participation)
        mine = seats.filter(supervisor=self.supervisor)
        if successor and not seats.filter(supervisor=successor).exists():
            if successor.employer != Supervisor.Employer.CENTRE:
                mine.update(leads=False)
            mine.update(supervisor=successor)
        else:
            mine.delete()


class Handover(models.Model):
    """A supervisor who left a group, who came instead, and what the one wrote to the other."""

    ended = models.OneToOneField(GroupMember, models.CASCADE, related_name="handed_over", verbose_name=_("sluttet"))
    started = models.ForeignKey(GroupMember, models.CASCADE, related_name="taken_over", verbose_name=_("overtok"))
    note = models.TextField(_("notat til den som overtar"), blank=True, max_length=4000)
    handed_over_at = models.DateTimeField(_("overlatt"))
    handed_over_by = by(_("registrert av"))

    class Meta:
        verbose_name = _("overlating")
        verbose_name_plural = _("overlatinger")
        ordering = ["-handed_over_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.ended} → {self.started}"
