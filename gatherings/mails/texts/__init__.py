"""What the mails say, and the samples for staff: at once (notices, swaps, invited), and by the plan (planned)."""

from gatherings.mails.texts import invited, notices, planned, swaps

TEXTS = (*notices.TEXTS, *swaps.TEXTS, *invited.TEXTS, *planned.TEXTS)
