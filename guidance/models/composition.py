from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from guidance.models.group import Departure, GroupMember, GuidanceGroup
from guidance.models.supervisor import Supervisor
from participants.models import Cohort, Participation
from parts.facts import by, who_and_when


class CompositionQuerySet(models.QuerySet["Composition"]):
    def open(self) -> "CompositionQuerySet":
        """Those that are worked on: neither published nor discarded."""
        return self.filter(published_at__isnull=True, discarded_at__isnull=True)

    def open_for(self, cohort: Cohort, *, by: User, now: datetime) -> "Composition":
        """The composition that is worked on. A new one begins with the groups as they are, every seat locked."""
        made, is_new = self.open().get_or_create(cohort=cohort, defaults={"made_at": now, "made_by": by})
        if is_new:
            members = GroupMember.objects.current().filter(
                group__participation__cohort=cohort, group__participation__withdrawn_at__isnull=True
            )
            ProposedSeat.objects.bulk_create(
                ProposedSeat(
                    composition=made,
                    participation_id=member.group.participation_id,
                    supervisor_id=member.supervisor_id,
                    leads=member.leads,
                    locked=True,
                )
                for member in members.select_related("group")
            )
        return made


class Composition(models.Model):
    """A proposal for the groups of a whole cohort, worked on until it is published. Then the groups are as it says.

    Or it is discarded: then they stay as they are.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="compositions", verbose_name=_("pulje"))
    made_at = models.DateTimeField(_("begynt"))
    made_by = by(_("begynt av"))
    proposed_at = models.DateTimeField(_("sist foreslått"), null=True, blank=True)
    published_at = models.DateTimeField(_("publisert"), null=True, blank=True)
    published_by = by(_("publisert av"), optional=True)
    discarded_at = models.DateTimeField(_("forkastet"), null=True, blank=True)
    discarded_by = by(_("forkastet av"), optional=True)

    objects = CompositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("sammensetting av veiledergrupper")
        verbose_name_plural = _("sammensettinger av veiledergrupper")
        ordering = ["-made_at", "-pk"]
        constraints = [
            who_and_when("published"),
            who_and_when("discarded"),
            models.UniqueConstraint(
                fields=["cohort"],
                condition=models.Q(published_at__isnull=True, discarded_at__isnull=True),
                name="one_open_composition_in_a_cohort",
            ),
        ]

    def __str__(self) -> str:
        return str(self.cohort)

    def seats_of_participants(self) -> "models.QuerySet[ProposedSeat]":
        """The seats in municipalities that take part: one that has withdrawn gets no group."""
        return self.seats.filter(
            participation__withdrawn_at__isnull=True, participation__accepted_at__isnull=False
        ).select_related("supervisor__user")

    def as_open(self) -> "Composition":
        """With its row locked, if it is still worked on.

        Raise ValidationError when it is published or discarded.
        """
        working = Composition.objects.select_for_update().get(pk=self.pk)
        if working.published_at:
            raise ValidationError(gettext("Gruppene er allerede publisert. Ingenting er endret."), code="published")
        if working.discarded_at:
            raise ValidationError(gettext("Endringene er allerede forkastet. Ingenting er endret."), code="discarded")
        return working

    @transaction.atomic
    def discard(self, *, by: User, now: datetime) -> None:
        """Raise ValidationError when it is published or discarded already."""
        working = self.as_open()
        working.discarded_at, working.discarded_by = now, by
        working.save(update_fields=["discarded_at", "discarded_by"])

    @transaction.atomic
    def restore(self) -> None:
        """Work on it again. Raise ValidationError when it is not discarded, or another was begun after it."""
        found = Composition.objects.select_for_update().filter(cohort=self.cohort_id)
        newest = found.order_by("-made_at", "-pk").first()
        if newest is None or newest.pk != self.pk or newest.discarded_at is None:
            raise ValidationError(
                gettext("Endringene kan ikke hentes fram igjen: noen har begynt på nye."), code="late"
            )
        newest.discarded_at = newest.discarded_by = None
        newest.save(update_fields=["discarded_at", "discarded_by"])

    @transaction.atomic
    def publish(self, *, by: User, now: datetime) -> bool:
        """Make the cohort's groups what this says. Once published or discarded, nothing changes; return False.

        A supervisor who stays keeps their membership; one who leaves loses the access the same moment, and the leader
        takes over what they had begun. Municipalities without a proposed seat are left as they are. What was
        changed is kept as PublishedChanges: the mail plan reads from them whom to write to.
        """
        locked = Composition.objects.select_for_update().get(pk=self.pk)
        if locked.published_at or locked.discarded_at:
            return False
        self.published_at, self.published_by = now, by
        self.save(update_fields=["published_at", "published_by"])
        seats: dict[int, list[ProposedSeat]] = {}
        for seat in self.seats_of_participants():
            seats.setdefault(seat.participation_id, []).append(seat)
        for participation, proposed in seats.items():
            group, _made = GuidanceGroup.objects.get_or_create(participation_id=participation)
            before = {member.supervisor_id: member.leads for member in group.members.current()}
            _apply(group, proposed, by=by, now=now)
            PublishedChange.objects.bulk_create(self._changes(participation, before, proposed))
        return True

    def _changes(
        self, participation: int, before: dict[int, bool], proposed: "list[ProposedSeat]"
    ) -> "list[PublishedChange]":
        after = {seat.supervisor_id: seat.leads for seat in proposed}
        What = PublishedChange.What
        found = [(What.LEFT, key) for key in before if key not in after]
        found += [(What.JOINED, key) for key in after if key not in before]
        found += [(What.LEADS, key) for key, leads in after.items() if leads and not before.get(key, False)]
        return [
            PublishedChange(composition=self, participation_id=participation, supervisor_id=key, what=what)
            for what, key in found
        ]


def _apply(group: GuidanceGroup, proposed: "list[ProposedSeat]", *, by: User, now: datetime) -> None:
    """First those who leave, last the one who leads: at no moment do two lead a group."""
    today = timezone.localdate(now)
    current = {member.supervisor_id: member for member in group.members.current()}
    wanted = {seat.supervisor_id: seat for seat in proposed}
    for key, member in current.items():
        if key not in wanted:
            member.ended_on = today
        elif not wanted[key].leads and member.leads:
            member.leads = False
        else:
            continue
        member._history_user = by
        member.save(update_fields=["ended_on", "leads"])
    for key, seat in sorted(wanted.items(), key=lambda item: item[1].leads):
        member = current.get(key) or GroupMember(group=group, supervisor_id=key, started_on=today)
        if member.pk and member.leads == seat.leads:
            continue
        member.leads = seat.leads
        member._history_user = by
        member.save()
    leader = max(wanted.values(), key=lambda seat: seat.leads).supervisor
    for key, member in current.items():
        if key not in wanted:
            member.pass_on_work(to=leader)
            Departure.objects.create(member=member, left_at=now, left_by=by, is_published=True)


class ProposedSeat(models.Model):
    """A supervisor in the proposed group of a municipality."""

    composition = models.ForeignKey(Composition, models.PROTECT, related_name="seats")
    participation = models.ForeignKey(
        Participation, models.PROTECT, related_name="proposed_seats", verbose_name=_("kommune i pulje")
    )
    supervisor = models.ForeignKey(Supervisor, models.PROTECT, related_name="+", verbose_name=_("veileder"))
    leads = models.BooleanField(_("leder gruppa"), default=False)
    locked = models.BooleanField(_("låst"), default=False)

    class Meta:
        verbose_name = _("foreslått plass")
        verbose_name_plural = _("foreslåtte plasser")
        ordering = ["participation", "-leads", "supervisor__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["composition", "participation", "supervisor"], name="proposed_once_in_a_group"
            ),
            models.UniqueConstraint(
                fields=["composition", "participation"],
                condition=models.Q(leads=True),
                name="one_is_proposed_to_lead",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supervisor}, {self.participation}"


class PublishedChange(models.Model):
    """What publishing changed for a supervisor in the group of a municipality: the history of the groups."""

    class What(models.TextChoices):
        JOINED = "joined", _("begynte")
        LEFT = "left", _("sluttet")
        LEADS = "leads", _("leder")

    composition = models.ForeignKey(Composition, models.PROTECT, related_name="published_changes")
    participation = models.ForeignKey(Participation, models.PROTECT, related_name="+")
    supervisor = models.ForeignKey(Supervisor, models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=What.choices)

    class Meta:
        verbose_name = _("endring ved publisering")
        verbose_name_plural = _("endringer ved publisering")
        ordering = ["composition", "participation", "pk"]

    def __str__(self) -> str:
        return f"{self.participation}: {self.supervisor}, {self.get_what_display()}"
