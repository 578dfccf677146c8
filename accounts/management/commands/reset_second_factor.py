import logging
from typing import Any

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import mails
from accounts.authentication import second_factor
from accounts.models import User

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Remove a person's second factor and sign them out, when nobody can do it in the administration: for the only "
        "superuser, who has lost theirs. It is noted in the person's history, and superusers get a mail."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="why, and how you know that it is the right person")

    def handle(self, *, email: str, reason: str, **options: Any) -> None:
        if not reason.strip():
            raise CommandError("give a --reason: it stays in the person's history, and superusers read it")
        user = User.objects.filter(email=email).first()
        if user is None:
            raise CommandError(f"nobody has the address {email}; nothing is changed")
        told = reset(user, reason=reason.strip())
        self.stdout.write(f"{user.email} has no second factor any more, and is signed out everywhere.")
        self.stdout.write(f"A mail says so to {', '.join(told)}.")
        if not user.is_active:
            self.stdout.write("This person may not sign in. Another superuser can change that in the administration.")
            return
        self.stdout.write(
            f"They sign in at {settings.SITE_URL}{reverse('account_login')} with a code sent to the address."
        )
        if user.is_staff:
            self.stdout.write("The sign-in asks for a new authenticator app or passkey.")


@transaction.atomic
def reset(user: User, *, reason: str) -> list[str]:
    """Reset, and return the people to notify. Raises CommandError when there is nothing to remove."""
    now = timezone.now()
    if not second_factor.reset(user):
        raise CommandError(f"{user.email} has no second factor; nothing is changed")
    note = _("Nullstilte totrinnsinnloggingen fra serveren: %s") % reason
    # An entry needs somebody who did it, and the server is nobody: it is in the person's own name.
    LogEntry.objects.log_actions(user.pk, [user], CHANGE, change_message=note, single_object=True)
    logger.warning("the second factor of person %s was reset from the server; their history says why", user.pk)
    return [message.to for message in mails.second_factor_was_reset(user, reason=reason, now=now)]
