from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from outbox import posting
from outbox.models import Message
from outbox.returns import addresses
from parts.addresses import AddressField
from parts.facts import by, who_and_when
from parts.names import OneLineField
from parts.order import NameField


class TooManyAddresses(Exception):
    """Of those that the portal does not know, one person has written in too many in an hour. Nothing is stored."""


class UserManager(BaseUserManager["User"]):
    def for_email(self, email: str, *, name: str = "", language: str = "", by: "User | None" = None) -> "User":
        """Return the person with this address, created if unknown. What is stored about them is never overwritten.

        The address of somebody who turned out to be another person leads to that person. Raise TooManyAddresses when
        `by` has written in as many unknown ones within the hour as one may who is no member of staff.
        """
        user, created = self.select_related("merged_into").get_or_create(
            email=email,
            defaults={"name": name, "language": language, "password": make_password(None), "added_by": by},
        )
        if created and by:
            self.refuse_too_many(by)
        return user.merged_into or user

    def refuse_too_many(self, by: "User") -> None:
        """When this person has just written in one more unknown address than one may within an hour."""
        since = timezone.now() - timedelta(hours=1)
        added = self.filter(added_by=by, date_joined__gt=since).count()
        changed = AddressChange.objects.filter(changed_by=by, changed_at__gt=since).exclude(user=by).count()
        if not by.is_staff and added + changed > settings.NEW_ADDRESSES_AN_HOUR:
            raise TooManyAddresses

    def with_email(self, email: str) -> "User | None":
        """Return the person who has this address, if anybody has."""
        user = self.filter(email=email).select_related("merged_into").first()
        return (user.merged_into or user) if user else None

    def create_user(self, email: str, password: str | None = None, **extra) -> "User":
        user = self.model(email=email, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra) -> "User":
        return self.create_user(email, password, **extra | {"is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=username or "")


def new_calendar_tag() -> str:
    return get_random_string(16, "abcdefghijkmnpqrstuvwxyz23456789")


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The address is something they have; what they may do follows from their functions in other apps."""

    class Language(models.TextChoices):
        UNSET = "", _("Kommunens målform")
        NB = "nb", _("Bokmål")
        NN = "nn", _("Nynorsk")

    email = AddressField(_("e-postadresse"), unique=True)
    name = NameField(_("navn"), max_length=200, blank=True)
    language = models.CharField(_("språk"), max_length=2, choices=Language.choices, blank=True, default="")
    is_staff = models.BooleanField(_("ansatt i Utdanningsdirektoratet"), default=False)
    is_active = models.BooleanField(_("kan logge inn"), default=True)
    date_joined = models.DateTimeField(_("opprettet"), default=timezone.now)
    # Who wrote the address in the first time. Empty for those whom a file or the administration brought.
    added_by = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="added",
        verbose_name=_("lagt inn av"),
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_from",
        verbose_name=_("er samme person som"),
    )
    merged_at = models.DateTimeField(_("slått sammen"), null=True, blank=True, editable=False)
    merged_by = by(_("slått sammen av"), optional=True)

    # Part of what names the person's entries in calendars. It comes back with an answer, and nobody else can know it.
    calendar_tag = models.CharField(max_length=16, default=new_calendar_tag, db_default="", editable=False)

    # One of the staff who sees the portal as this person, for the length of a request. They don't see what is only for
    # this person and those who work with them: whatever shows that asks this.
    seen_by: "User | None" = None

    objects: UserManager = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("personer")
        ordering = ["email"]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | models.Q(is_active=False),
                name="a_merged_person_cannot_sign_in",
            ),
            who_and_when("merged"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def has_usable_password(self) -> bool:
        return False

    def make_staff(self, *, superuser: bool = False) -> None:
        self.is_active = self.is_staff = True
        self.is_superuser = self.is_superuser or superuser
        self.save(update_fields=["is_active", "is_staff", "is_superuser"])
        self.groups.add(Group.objects.get(name=settings.STAFF_GROUP))

    def stop_as_staff(self) -> None:
        """Have none of the staff's rights from now on, and be signed out: the session was one of the staff's."""
        self.groups.clear()
        self.is_staff = self.is_superuser = False
        self.save(update_fields=["is_staff", "is_superuser"])
        self.end_sessions()

    @transaction.atomic
    def change_email(self, new: str, *, by: "User", now: datetime) -> "AddressChange | None":
        """Have another address from now on. None when it is the same.

        Everything hangs on the person, so nothing else moves. Mails that wait go to the new address, and those that
        did not arrive at the old one go again; but no codes: they were asked for at the old one. Raise ValidationError
        when the address is somebody else's.
        """
        stored = User.objects.select_for_update().get(pk=self.pk)
        before, after = stored.email, AddressField().to_python(new)
        if after == before:
            return None
        holder = User.objects.select_for_update().filter(email=after).first()
        if holder and holder.merged_into_id != self.pk:
            text = gettext("Adressen tilhører %(name)s.") % {"name": holder.merged_into or holder}
            raise ValidationError(text, code="taken")
        lost = list(Message.objects.worth_resending(now).to_person(self))
        if holder:  # their own, from before they were found to be one person: the two rows swap addresses
            User.objects.filter(pk=holder.pk).update(email=f"{holder.pk}@swapping.invalid")
        User.objects.filter(pk=self.pk).update(email=after)
        if holder:
            User.objects.filter(pk=holder.pk).update(email=before)
        self.email = after
        change = AddressChange.objects.create(user=self, before=before, after=after, changed_at=now, changed_by=by)
        User.objects.refuse_too_many(by)
        waiting = Message.objects.unclaimed(now).to_person(self)
        waiting.filter(secret=True).update(expires_at=now)
        posting.readdress(waiting.filter(secret=False), person=self, to=after)
        addresses.lift(after, now=now)  # somebody means that it works
        for message in lost:
            posting.resend(message, reason=gettext("Adressen er endret."), token=f"address:{change.pk}", by=by, now=now)
        return change

    def merge_into(self, kept: "User", *, by: "User", now: datetime) -> None:
        """Be the same person as `kept` from now on: nobody signs in by this row, and it has no rights. No way back."""
        self.merged_into, self.merged_at, self.merged_by = kept, now, by
        self.is_active = self.is_staff = self.is_superuser = False
        self.save(
            update_fields=["merged_into", "merged_at", "merged_by", "is_active", "is_staff", "is_superuser"],
        )
        self.groups.clear()

    def choose_language(self, language: str) -> None:
        self.language = language
        self.save(update_fields=["language"])

    def end_sessions(self) -> None:
        """Sign this person out everywhere: a session contains a hash of the unusable password, which is replaced."""
        self.set_unusable_password()
        self.save(update_fields=["password"])

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name or self.email


class AddressChange(models.Model):
    """One address of a person that became another."""

    user = models.ForeignKey(User, models.CASCADE, related_name="address_changes", verbose_name=_("person"))
    before = AddressField(_("før"))
    after = AddressField(_("etter"))
    changed_at = models.DateTimeField(_("endret"))
    changed_by = by(_("endret av"))

    class Meta:
        verbose_name = _("endret adresse")
        verbose_name_plural = _("endrede adresser")
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return gettext("E-postadressen: %(before)s ble %(after)s") % {"before": self.before, "after": self.after}


class PrivateReading(models.Model):
    """That somebody read or downloaded what few may see: who, when, what, and about whom. Never what it said."""

    class Kind(models.TextChoices):
        NEEDS = "needs", _("Mat og tilrettelegging")
        NOTES = "notes", _("Notater fra veiledningsmøter")
        FILE = "file", _("Nedlastet fil")
        OWN = "own", _("Egne opplysninger")

    KEPT = timedelta(days=730)
    AT_ONCE = timedelta(hours=1)  # the same page once more within this is the same reading

    kind = models.CharField(_("hva slags"), max_length=10, choices=Kind.choices)
    what = OneLineField(_("hva"), max_length=300)
    path = models.CharField(_("adresse"), max_length=300)
    read_at = models.DateTimeField(_("lest"), db_index=True)
    read_by = models.ForeignKey(User, models.CASCADE, related_name="private_readings", verbose_name=_("lest av"))
    about = models.ManyToManyField(User, related_name="read_about_them", verbose_name=_("om"))

    class Meta:
        verbose_name = _("lesing")
        verbose_name_plural = _("hvem har lest hva")
        ordering = ["-read_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.what}"

    @classmethod
    @transaction.atomic
    def log(
        cls, kind: Kind, *, what: str, path: str, by: User, now: datetime, about: Iterable[int] = ()
    ) -> "PrivateReading":
        """Write it down, or who it is about too, when the same was read within the hour."""
        what, path = what[:300], path[:300]
        same = cls.objects.filter(kind=kind, path=path, read_by=by, read_at__gt=now - cls.AT_ONCE, read_at__lte=now)
        row = same.filter(what=what).first() or cls.objects.create(
            kind=kind, what=what, path=path, read_by=by, read_at=now
        )
        link = cls.about.through
        people = [link(privatereading_id=row.pk, user_id=person) for person in set(about)]
        if people:
            link._default_manager.bulk_create(people, ignore_conflicts=True)
        return row
