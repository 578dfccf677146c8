"""The portal without its lock, and slow between looking and writing: for the control test alone."""

import time

from django.db.models import QuerySet

from lmp.wsgi import application  # first: it sets Django up

from gatherings import places  # isort: skip

__all__ = ["application"]


def slow(taken):
    def count(gathering):
        found = taken(gathering)
        time.sleep(0.05)
        return found

    return count


QuerySet.select_for_update = lambda self, **_options: self
places.taken = slow(places.taken)
