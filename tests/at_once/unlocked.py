"""The portal without its lock, and slow between looking and writing: for the control test alone."""

import time

from django.db.models import QuerySet

from lmp.wsgi import application  # first: it sets Django up

from gatherings import places  # isort: skip

__all__ = ["application"]


def slow(active_registrations):
    def look(gathering):
        found = active_registrations(gathering)
        time.sleep(0.05)
        return found

    return look


QuerySet.select_for_update = lambda self, **_options: self
places.active_registrations = slow(places.active_registrations)
