from outbox.models.message import (
    MAX_KEY_LENGTH,
    STILL_NEWS,
    Attachment,
    FurtherRecipient,
    Message,
    MessageQuerySet,
    MessageState,
    ReturnReason,
    Wording,
)
from outbox.models.returned import DeadAddress, MailboxReading, ReturnedMail

__all__ = [
    "MAX_KEY_LENGTH",
    "STILL_NEWS",
    "Attachment",
    "DeadAddress",
    "FurtherRecipient",
    "MailboxReading",
    "Message",
    "MessageQuerySet",
    "MessageState",
    "ReturnReason",
    "ReturnedMail",
    "Wording",
]
