import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.models import User

REASON = "Ringte om påmeldingen"


@pytest.fixture
def helper(staff) -> User:
    """One of the staff who helps on the telephone."""
    staff.groups.add(Group.objects.get(name=settings.SEE_AS_GROUP))
    return staff


@pytest.fixture
def as_helper(as_staff, helper) -> Client:
    return as_staff


def see_as(client: Client, person: User, *, reason: str = REASON) -> None:
    answer = client.post(reverse("seeing:begin", args=[person.pk]), {"reason": reason})
    assert (answer.status_code, answer["Location"]) == (302, reverse("home")), answer.content.decode()
