import pytest
from django.utils import timezone

from participants.models import Municipality, Participation, ProjectGroup, ProjectGroupMember, Unit

LIST = "/admin/participants/projectgroup/"


@pytest.fixture
def group(units) -> ProjectGroup:
    group = ProjectGroup.objects.create(unit=units[0], updated_at=timezone.now())
    ProjectGroupMember.objects.create(group=group, name="Hanne Styrer", part="leader")
    ProjectGroupMember.objects.create(group=group, name="<script>alert(1)</script>", part="parent")
    return group


def test_read_with_its_members(staff_client, group):
    page = staff_client.get(f"{LIST}{group.pk}/change/").content.decode()
    assert "Hanne Styrer" in page
    assert "forelder eller foresatt" in page
    assert "<script>alert(1)" not in page


def test_staff_do_not_change_it(staff_client, group):
    assert staff_client.post(f"{LIST}{group.pk}/change/", {"unit": group.unit_id}).status_code == 403
    assert staff_client.post(f"{LIST}{group.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff_client.get(f"{LIST}add/").status_code == 403
    version = group.history.first().pk
    assert staff_client.post(f"{LIST}{group.pk}/history/{version}/", {"unit": group.unit_id}).status_code == 405


def test_searched(staff_client, group):
    def found(words):
        return len(staff_client.get(LIST, {"q": words}).context["cl"].result_list)

    assert (found("hanne"), found("fembøringen"), found("indre fosen"), found("bergen")) == (1, 1, 1, 0)


@pytest.mark.parametrize("size", [2, 20])
def test_questions_do_not_grow_with_the_rows(staff_client, cohort, size, django_assert_num_queries):
    for municipality in Municipality.objects.all()[:size]:
        row = Participation.objects.create(cohort=cohort, municipality=municipality)
        unit = Unit.objects.create(participation=row, name="Skole", kind="school")
        ProjectGroup.objects.create(unit=unit, updated_at=timezone.now())
    with django_assert_num_queries(5):
        assert len(staff_client.get(LIST).context["cl"].result_list) == size
