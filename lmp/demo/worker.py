"""The demo's Celery worker, with beat as a thread in it: one process, so nothing outlives it."""

import warnings

from celery.beat import EmbeddedService
from celery.platforms import SecurityWarning
from django.conf import settings

from lmp.celery import app


def main() -> None:
    # A demo in a container runs as root; Celery's advice against it is for workers that take pickled tasks.
    warnings.simplefilter("ignore", SecurityWarning)
    schedule = str(settings.VAR_DIR / "celerybeat-schedule")
    EmbeddedService(app, thread=True, schedule_filename=schedule).start()
    app.worker_main(["--quiet", "worker", "--pool=solo", "--loglevel=warning", "--without-mingle", "--without-gossip"])


if __name__ == "__main__":
    main()
