"""Staff's pages of the mails."""

from outbox.admin import messages

__all__ = ["messages"]
