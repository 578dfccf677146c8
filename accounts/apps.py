from typing import Any

from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Personer og tilgang")

    def ready(self) -> None:
        from accounts import staff_group

        post_migrate.connect(make_cache_table, sender=self)
        # After the last app: by then every model's permissions have been made.
        post_migrate.connect(staff_group.bring_up_to_date, sender=apps.get_app_config("simple_history"))


def make_cache_table(*, using: str, **kwargs: Any) -> None:
    """Without its table the cache fails, and with it every sign-in: so it is made with the rest of the database."""
    call_command("createcachetable", database=using, verbosity=0)
