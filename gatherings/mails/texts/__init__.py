"""What the mails say, and the samples that staff preview them with: at once (notices), and by the plan (planned)."""

from gatherings.mails.texts import notices, planned

TEXTS = (*notices.TEXTS, *planned.TEXTS)
