from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def for_email(self, email: str, *, name: str = "", language: str = "") -> "User":
        """Return the person with this address, created if unknown. What is stored about them is never overwritten."""
        user, _created = self.get_or_create(
            email=email.strip().lower(),
            defaults={"name": name, "language": language, "password": make_password(None)},
        )
        return user

    def create_user(self, email: str, password: str | None = None, **extra) -> "User":
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra) -> "User":
        return self.create_user(email, password, **extra | {"is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by e-mail address. What they may do follows from their functions in other apps."""

    class Language(models.TextChoices):
        UNSET = "", _("Kommunens målform")
        NB = "nb", _("Bokmål")
        NN = "nn", _("Nynorsk")

    email = models.EmailField(_("e-postadresse"), unique=True)
    name = models.CharField(_("navn"), max_length=200, blank=True)
    language = models.CharField(_("språk"), max_length=2, choices=Language.choices, blank=True, default="")
    is_staff = models.BooleanField(_("ansatt i Utdanningsdirektoratet"), default=False)
    is_active = models.BooleanField(_("kan logge inn"), default=True)
    date_joined = models.DateTimeField(_("opprettet"), default=timezone.now)

    objects: UserManager = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("personer")
        ordering = ["email"]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case")
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    def has_usable_password(self) -> bool:
        return False

    def make_staff(self, *, superuser: bool = False) -> None:
        self.is_active = self.is_staff = True
        self.is_superuser = self.is_superuser or superuser
        self.save(update_fields=["is_active", "is_staff", "is_superuser"])
        self.groups.add(Group.objects.get(name=settings.STAFF_GROUP))

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
