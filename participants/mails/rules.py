"""The reminders of this app that may be switched off."""

from django.utils.translation import gettext_lazy

from outbox.pauses import ReminderRule
from participants.mails import texts

RULES = [
    ReminderRule(
        texts.REMINDER.name,
        gettext_lazy("Påminnelser om å bekrefte"),
        frozenset({texts.REMINDER.name, texts.OVERDUE.name}),
        gettext_lazy("Den faller bort når kommunen har bekreftet."),
    )
]
