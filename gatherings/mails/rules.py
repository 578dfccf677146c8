"""The reminders of this app that may be switched off."""

from django.utils.translation import gettext_lazy

from gatherings.mails.texts import planned as texts
from outbox.pauses import ReminderRule

RULES = [
    ReminderRule(
        texts.REMINDER.name,
        gettext_lazy("Påminnelser om å melde på til samlinger"),
        frozenset({texts.REMINDER.name}),
        gettext_lazy("Den faller bort når det er meldt på noen, eller svart at ingen kommer."),
    ),
    ReminderRule(
        texts.TRAVEL.name,
        gettext_lazy("Påminnelser om å bestille reise"),
        frozenset({texts.TRAVEL.name}),
        gettext_lazy("Den faller bort når reisen er bestilt, eller personen er meldt av."),
    ),
    ReminderRule(
        texts.EVALUATION.name,
        gettext_lazy("Påminnelser om å evaluere samlinger"),
        frozenset({texts.EVALUATION.name}),
        gettext_lazy("Den faller bort når personen har svart."),
    ),
]
