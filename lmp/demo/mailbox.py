"""The mails as they left: the demo writes them to files, codes included, which the outbox wipes once they are sent."""

import re
from email import policy
from email.parser import BytesParser
from pathlib import Path

from django.conf import settings

from outbox.models import Message

BETWEEN_MAILS = b"\n" + b"-" * 79 + b"\n"


# The demo may be served on another port than when the mail was written.
ANY_PORT = re.compile(r"http://localhost:\d+(?=/)")


def text_of(message: Message) -> str:
    """The plain text of a sent mail; empty when the outbox has wiped it and its file is gone."""
    text = message.body or _text_in_file(message.message_id.encode())
    return ANY_PORT.sub(settings.SITE_URL, text)


def _text_in_file(message_id: bytes) -> str:
    for path in sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"), reverse=True):
        for mail in path.read_bytes().split(BETWEEN_MAILS):
            if message_id in mail:
                part = BytesParser(policy=policy.default).parsebytes(mail).get_body(("plain",))
                return part.get_content().strip() if part else ""
    return ""
