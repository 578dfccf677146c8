"""The reminders of this app that may be switched off."""

from django.utils.translation import gettext_lazy

from guidance.mails import texts
from guidance.mails.sessions.texts import SESSION_REMINDER
from outbox.pauses import ReminderRule

RULES = [
    ReminderRule(
        SESSION_REMINDER.name,
        gettext_lazy("Påminnelser om veiledningsmøter"),
        frozenset({SESSION_REMINDER.name}),
        gettext_lazy("Den faller bort når møtet avlyses eller flyttes, eller loggen er sendt."),
    ),
    ReminderRule(
        texts.LOG_MISSING.name,
        gettext_lazy("Påminnelser om logger som mangler"),
        frozenset({texts.LOG_MISSING.name}),
        gettext_lazy("Den faller bort når loggen er sendt, eller møtet avlyses."),
    ),
    ReminderRule(
        texts.MEASURES.name,
        gettext_lazy("Påminnelser om tiltak med frist"),
        frozenset({texts.MEASURES.name}),
        gettext_lazy("Den faller bort når tiltaket er avsluttet eller får en annen frist."),
    ),
]
