"""What conftest.py marks by itself: a test without a database is not run again on PostgreSQL."""

import pytest

from accounts.models import User


@pytest.fixture
def marked(request: pytest.FixtureRequest) -> bool:
    return request.node.get_closest_marker("no_database") is not None


def test_one_that_asks_for_none_is_marked_and_refused_every_query(marked):
    assert marked
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        User.objects.exists()


def test_one_that_asks_for_it_is_not(db, marked):
    assert not marked


def test_one_whose_transactions_are_its_own_is_not(transactional_db, marked):
    assert not marked


@pytest.mark.django_db
def test_one_that_says_so_is_not(marked):
    assert not marked
    assert not User.objects.exists()


def test_one_that_asks_through_another_fixture_is_not(staff, marked):
    assert not marked


def test_one_that_may_ask_by_name_is_not(request):
    assert request.node.get_closest_marker("no_database") is None
    assert request.node.get_closest_marker("fast")
