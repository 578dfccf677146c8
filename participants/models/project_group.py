from datetime import datetime

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models.strike import Strike, struck_texts
from participants.models.unit import Unit
from parts.history import HistoricalRecords
from parts.order import NameField


class ProjectGroupQuerySet(models.QuerySet["ProjectGroup"]):
    def visible_to(self, user: User) -> "ProjectGroupQuerySet":
        return self.filter(unit__in=Unit.objects.visible_to(user))

    def editable_by(self, user: User) -> "ProjectGroupQuerySet":
        return self.filter(unit__in=Unit.objects.editable_by(user))


class ProjectGroup(models.Model):
    """The group that carries the project in a unit. The head leads it."""

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="project_group", verbose_name=_("enhet"))
    updated_at = models.DateTimeField(_("sist endret"))

    objects = ProjectGroupQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("prosjektgruppe")
        verbose_name_plural = _("prosjektgrupper")
        ordering = ["unit__name"]

    def __str__(self) -> str:
        return str(_("Prosjektgruppa ved %(unit)s") % {"unit": self.unit})

    def keep(self, formset: BaseInlineFormSet, *, by: User, now: datetime) -> None:
        """Store the group with the members of a valid formset."""
        self.updated_at = now
        self._history_user = by
        self.save()
        formset.instance = self
        formset.save()

    def former_members(self) -> list[models.Model]:
        """The removal of each whose name is still in the history, and of nobody in the group now. The newest first."""
        gone = ProjectGroupMember.history.filter(group=self, history_type="-").exclude(name="")
        gone = gone.exclude(name__in=self.members.values("name")).order_by("-history_date", "-history_id")
        return list({each.name: each for each in reversed(gone)}.values())[::-1]

    def move(self, *, to: Unit, by: User, now: datetime) -> None:
        """Make it the group of another unit. Raises ValidationError when that unit has one."""
        if ProjectGroup.objects.filter(unit=to).exists():
            raise ValidationError(gettext("%(unit)s har allerede en prosjektgruppe.") % {"unit": to}, code="taken")
        self.unit, self.updated_at = to, now
        self._history_user = by
        self.save()


class ProjectGroupMemberQuerySet(models.QuerySet["ProjectGroupMember"]):
    def leading(self) -> "ProjectGroupMemberQuerySet":
        return self.filter(part=ProjectGroupMember.Part.LEADER)


class ProjectGroupMember(models.Model):
    """A grown-up in a project group. Never a child: children's voices are recorded without names."""

    class Part(models.TextChoices):
        LEADER = "leader", _("leder")
        STAFF = "staff", _("ansatt")
        PARENT = "parent", _("forelder eller foresatt")
        PPT = "ppt", _("PP-tjenesten")
        OWNER = "owner", _("eier")
        OTHER = "other", _("annen voksen")

    group = models.ForeignKey(ProjectGroup, models.PROTECT, related_name="members", verbose_name=_("prosjektgruppe"))
    name = NameField(_("navn"), max_length=200)
    part = models.CharField(_("rolle"), max_length=10, choices=Part.choices)
    strikes = GenericRelation(Strike, content_type_field="about_type", object_id_field="about_id")
    _history_user: User  # set before it is saved or deleted: who the history says it is by

    objects = ProjectGroupMemberQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("medlem i prosjektgruppe")
        verbose_name_plural = _("medlemmer i prosjektgruppe")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name or str(_("Navnet er fjernet"))

    @property
    def told(self) -> str:
        """What stands where the name stood; empty when it stands. Reads the strikes."""
        return struck_texts(self).get("name", "")

    def pass_to(self, name: str, *, by: User, now: datetime) -> None:
        """Another person is the member instead, with the same part."""
        self.name = name
        self._history_user = by
        self.save(update_fields=["name"])
        self.group.updated_at = now
        self.group._history_user = by
        self.group.save(update_fields=["updated_at"])
