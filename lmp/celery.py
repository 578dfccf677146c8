import os

from celery import Celery

from lmp import own_folder

# The package imports this file first, so every process of the portal has its folder before it reads its settings.
own_folder.make()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lmp.settings")
app = Celery("lmp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
