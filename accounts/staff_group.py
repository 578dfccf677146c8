"""The groups of the programme's staff: one that may work in the admin, kept in step with the models at every migrate.

The others have no permission of their own: to be in settings.NEEDS_GROUP is what lets a person read the needs by name,
and in settings.SEE_AS_GROUP what lets them see the portal as another person does.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission


def bring_up_to_date(*, using: str, **kwargs: Any) -> None:
    """Everything in the apps of settings.STAFF_APPS, and people to look up, add and put right.

    Superusers decide who is staff. A permission that was added to the group by hand stays in it.
    """
    for name in (settings.NEEDS_GROUP, settings.SEE_AS_GROUP):
        Group.objects.using(using).get_or_create(name=name)
    group, _is_new = Group.objects.using(using).get_or_create(name=settings.STAFF_GROUP)
    permissions = Permission.objects.using(using)
    group.permissions.add(
        *permissions.filter(content_type__app_label__in=settings.STAFF_APPS),
        *permissions.filter(codename__in=["view_user", "add_user", "change_user"], content_type__app_label="accounts"),
    )
