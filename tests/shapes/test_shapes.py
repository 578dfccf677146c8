"""The fewest tests that together ask all that is asked: nothing is left out but what others ask."""

import pytest
from django.db import IntegrityError, connection, transaction

from participants.models import County, Municipality
from tests import shapes
from tests.shapes import Recorder, fewest, shape


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT a FROM b WHERE c IN (%s, %s)", "SELECT a FROM b WHERE c IN (%s, %s, %s)"),
        ("INSERT INTO b (a, c) VALUES (%s, %s)", "INSERT INTO b (a, c) VALUES (%s, %s), (%s, %s)"),
        ("SELECT a FROM b LIMIT 21", "SELECT a FROM b LIMIT 101"),
    ],
)
def test_how_many_values_makes_no_other_shape(one, other):
    assert shape(one) == shape(other) != ""


def test_another_column_order_lock_or_error_is_another_shape():
    asked = "SELECT a FROM b ORDER BY c"
    others = {shape(asked), shape(asked + " DESC"), shape(asked, "for update of ()"), shape(asked, "", "DataError")}
    assert len(others) == 4


def test_the_beginning_of_a_transaction_is_no_question():
    assert shape('SAVEPOINT "s1_x2"') == ""


def test_each_shape_is_asked_as_often_as_wished_or_as_often_as_at_all():
    tests = {
        "all": (1.0, {"a", "b", "c"}),
        "a and b": (0.1, {"a", "b"}),
        "b": (0.1, {"b"}),
        "b too": (5.0, {"b"}),
        "nothing": (0.1, set()),
    }
    assert fewest(tests, times=1) == {"all", "a and b"}
    assert fewest(tests, times=3) == {"all", "a and b", "b"}
    assert fewest(tests, times=4) == {"all", "a and b", "b", "b too"}


@pytest.mark.django_db
def test_what_is_asked_is_noted_with_its_lock_and_its_error(monkeypatch, tmp_path):
    recorder = Recorder(tmp_path)
    monkeypatch.setattr(shapes.SQLCompiler, "execute_sql", shapes.SQLCompiler.execute_sql)
    recorder.know_locks()

    def noted(ask) -> set[str]:
        recorder.asked = set()
        with connection.execute_wrapper(recorder.note), transaction.atomic():
            ask()
        return recorder.asked - {""}

    def of_a_second_oslo() -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Municipality.objects.bulk_create([Municipality.objects.get(number="0301")])

    read = noted(lambda: list(County.objects.filter(number__in=["03", "11"])))
    assert read == noted(lambda: list(County.objects.filter(number__in=["03"])))
    assert read.isdisjoint(noted(lambda: list(County.objects.select_for_update().filter(number__in=["03"]))))
    assert len(noted(of_a_second_oslo)) == 2


def test_what_is_not_known_or_asks_nothing_noted_runs(request, tmp_path):
    here = request.node
    assert shapes.choose([here], tmp_path) == ([here], [])
    (tmp_path / "gw0.json").write_text(f'{{"{here.nodeid}": [0.1, []], "tests/another.py::test": [0.1, ["a"]]}}')
    assert shapes.choose([here], tmp_path) == ([here], [])


def test_what_others_ask_is_left_out(request, tmp_path, monkeypatch):
    here = request.node
    (tmp_path / "gw0.json").write_text(f'{{"{here.nodeid}": [9, ["a"]]}}')
    monkeypatch.setattr(shapes, "fewest", lambda _tests: set())
    assert shapes.choose([here], tmp_path) == ([], [here])
