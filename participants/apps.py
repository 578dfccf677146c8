from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ParticipantsConfig(AppConfig):
    name = "participants"
    verbose_name = _("Deltakere")

    def ready(self) -> None:
        from participants import reference

        # Django's own signal: the shipped lists follow each deploy, and each emptied test database.
        post_migrate.connect(reference.load_after_migrate, sender=self)
