from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.urls import reverse

from accounts.models import User


class Command(BaseCommand):
    help = "Let a person into the admin. There is no password: they sign in by a code sent to the address."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")
        parser.add_argument("--superuser", action="store_true", help="may do everything, also make others staff")

    def handle(self, *, email: str, name: str, superuser: bool, **options: Any) -> None:
        try:
            validate_email(email)
        except ValidationError as wrong:
            raise CommandError(f"not an e-mail address: {email}") from wrong
        user = User.objects.for_email(email, name=name)
        if name and not user.name:
            user.name = name
            user.save(update_fields=["name"])
        user.make_staff(superuser=superuser)
        role = "superuser" if user.is_superuser else "staff"
        self.stdout.write(f"{user.email} is {role}.")
        self.stdout.write(f"Sign in at {settings.SITE_URL}{reverse('account_login')} with a code sent to the address.")
        self.stdout.write("The first sign-in asks for an authenticator app or a passkey.")
