"""From a message's row to the mail that goes on the wire."""

from email.charset import QP, Charset
from email.utils import format_datetime, formataddr

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.mail import EmailMultiAlternatives, SafeMIMEMultipart, SafeMIMEText
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django.utils.functional import cached_property

from outbox.models import Message
from outbox.posting import message_id
from outbox.returns import tag
from parts.names import one_line

# No server on the way has to convert such a body, which would break its DKIM signature (RFC 6376, 5.3).
_QUOTED_PRINTABLE = Charset("utf-8")
_QUOTED_PRINTABLE.body_encoding = QP


class Envelope(EmailMultiAlternatives):
    """A mail that is put together once; Django's backends ask for its parts each time."""

    @cached_property
    def _composed(self) -> SafeMIMEText | SafeMIMEMultipart:
        return super().message()

    def message(self) -> SafeMIMEText | SafeMIMEMultipart:
        return self._composed


def compose(message: Message, connection: BaseEmailBackend) -> Envelope:
    """The same mail at every attempt: its headers come from the row, never from the clock.

    Raises, when a mail cannot be made of the row, whatever the e-mail library does.
    """
    if not message.to:
        raise ValueError("no recipient")
    mail = Envelope(
        subject=message.subject,
        body=message.body,
        # Of the envelope: where the mail goes back to. The reader sees From.
        from_email=tag.sender(message.pk) or settings.DEFAULT_FROM_EMAIL,
        to=message.addresses,
        reply_to=[message.reply_to or settings.SUPPORT_EMAIL],
        connection=connection,
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": message.message_id,
            "Date": format_datetime(timezone.localtime(message.created_at)),
            "Auto-Submitted": "auto-generated",
            # Exchange answers by itself otherwise, to an address that people read (MS-OXCMAIL, 2.1.3.2.20).
            "X-Auto-Response-Suppress": "OOF, AutoReply",
            "Content-Language": message.language,
            **_named(message),
            **_together(message),
        },
    )
    mail.encoding = _QUOTED_PRINTABLE
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    for attachment in message.attachments.all():
        content = bytes(attachment.content)
        if attachment.content_type.startswith("text/calendar"):
            # Calendars read the invitation from an alternative part; people save it from the attachment.
            mail.attach_alternative(content.decode(), attachment.content_type)
            mail.attach(attachment.name, content, "application/ics")
        else:
            mail.attach(attachment.name, content, attachment.content_type)
    mail.message()
    return mail


def _named(message: Message) -> dict[str, str]:
    """The header of a mail to one person who has a name. Others see each other's addresses, and no names.

    An address with other letters than ASCII's stands alone: formataddr takes none, and the mail would never go.
    """
    person = message.recipient
    name = one_line(person.get_full_name()) if person else ""
    if name in ("", message.to) or len(message.addresses) != 1 or "\n" in message.to or not message.to.isascii():
        return {}
    return {"To": formataddr((name, message.to))}


def _together(message: Message) -> dict[str, str]:
    """The headers that keep what is about one thing in one thread: an invitation, its reminders, its changes.

    They name a mail that is never sent, and so can't be lacking: it may be that the first was given up, went to a
    predecessor, or is erased. What is about a person, or about nothing, stands alone, and a code must not be overseen.
    """
    thing = thread_of(message)
    if thing is None:
        return {}
    first = message_id("about:{}.{}:{}".format(*thing))
    return {"In-Reply-To": first, "References": first}


def thread_of(message: Message) -> tuple[str, str, str] | None:
    """App, model and key of the row whose thread it is: what it is about, or what that row names as `mail_thread`."""
    if message.secret or message.about_type_id is None:
        return None
    kind = ContentType.objects.get_for_id(message.about_type_id)
    if kind.model_class() is get_user_model():
        return None
    thing = getattr(message.about, "mail_thread", None) if hasattr(kind.model_class(), "mail_thread") else None
    if thing is None:
        return kind.app_label, kind.model, str(message.about_id)
    return thing._meta.app_label, thing._meta.model_name, str(thing.pk)
