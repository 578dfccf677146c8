from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailCalendarConfig(AppConfig):
    name = "lmp.mailcalendar"
    verbose_name = _("E-postkalender")
