from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import User
from participants.models import Participation


class Supervisor(models.Model):
    """Veileder: from Læringsmiljøsenteret, or an experienced practitioner."""

    class Employer(models.TextChoices):
        CENTRE = "centre", _("Læringsmiljøsenteret")
        PRACTICE = "practice", _("barnehage eller skole")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="supervisor", verbose_name=_("person")
    )
    name = models.CharField(_("navn"), max_length=200)
    employer = models.CharField(_("arbeidssted"), max_length=10, choices=Employer.choices)
    knows_kindergarten = models.BooleanField(_("kjenner barnehage"), default=False)
    knows_school = models.BooleanField(_("kjenner skole"), default=False)

    class Meta:
        verbose_name = _("veileder")
        verbose_name_plural = _("veiledere")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


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

    def participations_of(self, user: User) -> models.QuerySet:
        """The participations that this person supervises now."""
        members = self.current().filter(supervisor__user=user, supervisor__user__is_active=True)
        return members.values("group__participation")


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
        ordering = ["-leads", "supervisor__name"]
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
