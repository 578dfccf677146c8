"""When one of the staff saw the portal as another person sees it: who, whom, why, how long, and which pages."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from lmp.seeing import access
from parts.facts import by
from parts.names import OneLineField

LENGTH = timedelta(minutes=30)
KEPT = timedelta(days=730)  # after it ended; it goes with the person if they go before
TOLD_WITHIN = timedelta(days=14)  # how long the person's own page says it
REASON_LENGTH = 200
AT_ONCE = timedelta(minutes=1)  # the same once more within this is a second press


class ViewingQuerySet(models.QuerySet["Viewing"]):
    def going_on(self, *, now: datetime) -> "ViewingQuerySet":
        return self.filter(ended_at__isnull=True, until__gt=now)

    def allowed(self) -> "ViewingQuerySet":
        """Those whose two people are still what they were when it began."""
        return self.filter(access.if_may_see_as("begun_by__"), access.if_may_be_seen("person__"))

    def news_to(self, person: User, *, now: datetime) -> "ViewingQuerySet":
        return self.filter(person=person, begun_at__gt=now - TOLD_WITHIN).select_related("begun_by")


class Viewing(models.Model):
    """Nobody changes it, and it is deleted only when its time is over. One whose `until` has passed has ended then."""

    class End(models.TextChoices):
        BUTTON = "button", gettext_lazy("Avsluttet med knappen")
        TIME = "time", gettext_lazy("Tida var ute")
        SIGNED_OUT = "signed_out", gettext_lazy("Logget ut")
        ANOTHER = "another", gettext_lazy("Begynte på nytt")
        ACCESS = "access", gettext_lazy("Tilgangen ble endret")

    person = models.ForeignKey(User, models.CASCADE, related_name="viewings", verbose_name=gettext_lazy("person"))
    reason = OneLineField(gettext_lazy("grunn"), max_length=REASON_LENGTH)
    begun_at = models.DateTimeField(gettext_lazy("begynt"))
    begun_by = by(gettext_lazy("sett av"))
    until = models.DateTimeField(gettext_lazy("senest til"))
    ended_at = models.DateTimeField(gettext_lazy("avsluttet"), null=True, blank=True)
    ended_how = models.CharField(gettext_lazy("hvordan"), max_length=10, choices=End.choices, blank=True)

    objects = ViewingQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("«Se som»")
        verbose_name_plural = gettext_lazy("«Se som»")
        ordering = ["-begun_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["begun_by"], condition=Q(ended_at__isnull=True), name="one_sees_as_one_person_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(person=F("begun_by")), name="nobody_sees_as_themselves"),
            models.CheckConstraint(condition=~Q(reason=""), name="viewing_has_a_reason"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_how="") | (Q(ended_at__isnull=False) & ~Q(ended_how="")),
                name="viewing_ended_when_and_how",
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("begun_at"))
                & (Q(ended_at__isnull=True) | Q(ended_at__gte=F("begun_at"), ended_at__lte=F("until"))),
                name="viewing_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return _("%(who)s så portalen som %(person)s") % {"who": self.begun_by, "person": self.person}

    def get_absolute_url(self) -> str:
        return reverse("seeing:viewing", args=[self.pk])

    @classmethod
    @transaction.atomic
    def begin(cls, person: User, *, reason: str, by: User, now: datetime) -> "Viewing":
        """One that goes on ends. The same one begun twice is one. Raise ValidationError when it is not allowed."""
        rows = User.objects.select_for_update().order_by("pk").filter(pk__in=[by.pk, person.pk])
        locked = {row.pk: row for row in rows}
        if why := access.why_not(locked[person.pk], by=locked[by.pk]):
            raise ValidationError(why, code="not_allowed")
        for open_one in cls.objects.filter(begun_by=by, ended_at__isnull=True):
            is_same = (open_one.person_id, open_one.reason) == (person.pk, reason)
            if is_same and now - open_one.begun_at < AT_ONCE:
                return open_one
            open_one.end(how=cls.End.ANOTHER, now=now)
        return cls.objects.create(person=person, reason=reason, begun_at=now, begun_by=by, until=now + LENGTH)

    def end(self, *, how: End, now: datetime) -> bool:
        """Whether this ended it: the first end stands. One whose time is out ended when it was."""
        at, why = (now, how) if now < self.until else (self.until, self.End.TIME)
        still_open = Viewing.objects.filter(pk=self.pk, ended_at__isnull=True)
        return bool(still_open.update(ended_at=max(at, self.begun_at), ended_how=why))

    def ended(self, *, now: datetime) -> datetime | None:
        return self.ended_at or (self.until if now >= self.until else None)

    def how(self, *, now: datetime) -> str:
        """How it ended, in words; empty while it goes on."""
        if self.ended_how:
            return self.get_ended_how_display()
        return str(self.End.TIME.label) if now >= self.until else ""

    def lasted(self, *, now: datetime) -> str:
        """How long, in words; begun minutes count."""
        span = (self.ended(now=now) or now) - self.begun_at
        minutes = max(1, -(-int(span.total_seconds()) // 60))
        return ngettext("%(n)s minutt", "%(n)s minutter", minutes) % {"n": minutes}


class ViewedPage(models.Model):
    """The address of a page that was opened in it, once, without what follows the "?"."""

    viewing = models.ForeignKey(Viewing, models.CASCADE, related_name="pages", verbose_name=gettext_lazy("«Se som»"))
    path = models.CharField(gettext_lazy("adresse"), max_length=300)

    class Meta:
        verbose_name = gettext_lazy("åpnet side")
        verbose_name_plural = gettext_lazy("åpnede sider")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["viewing", "path"], name="a_viewed_page_is_named_once")]

    def __str__(self) -> str:
        return self.path
