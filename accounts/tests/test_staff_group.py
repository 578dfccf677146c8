"""Staff who are no superusers can do the programme's work, and no more."""

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
