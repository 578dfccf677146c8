import os

from celery import Celery
from celery.signals import beat_init, celeryd_init
from django.core.exceptions import ImproperlyConfigured

from lmp import own_folder

# The package imports this file first, so every process of the portal has its folder before it reads its settings.
own_folder.make()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lmp.settings")
app = Celery("lmp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
@beat_init.connect
def stop_if_wrong(**_of_celery: object) -> None:
    from lmp.watching import checks  # asks settings, which are not read before this is

    try:
        checks.stop_if_wrong()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from None  # any other error Celery tells of, and goes on
