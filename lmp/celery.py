import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lmp.settings")
app = Celery("lmp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
