import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from outbox.returns.mailbox import MAX_BYTES
from outbox.returns.taking import take


class Command(BaseCommand):
    help = (
        "Take one mail that came back, from standard input: for a pipe from the mail server. "
        "Ends with 75 (try again) when it could not be stored."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", default="", help="the address that it was delivered to, as the mail server knows")

    def handle(self, *, to: str, **options: Any) -> None:
        source = sys.stdin.buffer.read(MAX_BYTES)
        while sys.stdin.buffer.read(MAX_BYTES):
            pass
        try:
            kind = take(source, now=timezone.now(), recipient=to, keeps_source=True)
        except Exception as error:  # whatever it is, the mail server has the mail still
            self.stderr.write(f"{type(error).__name__}: not stored, try again")
            raise SystemExit(75) from error
        self.stdout.write(str(kind))
