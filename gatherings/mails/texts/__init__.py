"""What the mails say, and the samples for staff: at once (notices, invited), and by the plan (planned)."""

from gatherings.mails.texts import invited, notices, planned

TEXTS = (*notices.TEXTS, *invited.TEXTS, *planned.TEXTS)
