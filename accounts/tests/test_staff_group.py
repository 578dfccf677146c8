"""Staff who are no superusers can do the programme's work, and no more."""

import re

import pytest
from django.utils import translation

from accounts.admin import PermissionsField, permissions_that_decide
from accounts.models import User


def test_who_is_made_staff_can_work(db):
    user = User.objects.for_email("ny@example.no")
    user.make_staff()
    user = User.objects.get(pk=user.pk)
    assert user.has_perms(
        [
            "participants.change_participation",
            "gatherings.add_gathering",
            "guidance.change_guidancegroup",
            "outbox.view_message",
            "outbox.change_wording",
            "accounts.change_user",
        ]
    )


def test_but_neither_delete_people_nor_hand_out_rights(db):
    user = User.objects.for_email("ny@example.no")
    user.make_staff()
    user = User.objects.get(pk=user.pk)
    assert not user.has_perm("accounts.delete_user")
    assert not user.has_perm("auth.change_group")


def test_others_can_do_nothing(stranger):
    assert not stranger.get_all_permissions()


@pytest.mark.parametrize(
    ("language", "named"),
    [
        ("nb", "Veiledning | veileder, fylker personen helst vil ha, historikken: se"),
        ("nn", "Rettleiing | rettleiar, fylke personen helst vil ha, historikken: sjå"),
    ],
)
def test_each_permission_is_named_in_the_readers_words(db, language, named):
    with translation.override(language):
        field = PermissionsField(permissions_that_decide())
        said = [field.label_from_instance(permission) for permission in field.queryset]
    assert len(said) > 300
    assert len(set(said)) == len(said)
    assert [text for text in said if re.search(r"_|Can |[Hh]istorical|[Aa]uthenticator|MFA", text)] == []
    assert named in said
