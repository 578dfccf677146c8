"""Staff's pages of the mails."""

from outbox.admin import messages, not_understood

__all__ = ["messages", "not_understood"]
