"""From a message's row to the mail that goes on the wire."""

from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, SafeMIMEMultipart, SafeMIMEText
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django.utils.functional import cached_property

from outbox.models import Message
from outbox.returns import tag


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
            "Content-Language": message.language,
        },
    )
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
