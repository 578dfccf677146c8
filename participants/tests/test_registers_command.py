import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from conftest import withdraw
from participants import tasks
from participants.models import Unit


def run(*args) -> str:
    output = io.StringIO()
    call_command("registers", *args, stdout=output)
    return output.getvalue()


def test_it_says_how_far_it_has_come(register_server, participation, other_participation, units):
    assert run("9").splitlines() == [
        "1/2 4601 Bergen: 0/0",
        "2/2 5054 Indre Fosen: 3/4",
        "2 municipalities, 3 units counted, 0 with a register error",
    ]
    assert Unit.objects.get(name="Fembøringen barnehage").register_children == 36


def test_a_register_that_fails_stops_nothing(register_server, participation, units):
    register_server.misbehave["nsr"] = lambda handler: handler.answer({}, status=500)
    output = io.StringIO()
    with pytest.raises(CommandError, match="Run again later"):
        call_command("registers", "9", stdout=output)
    assert "5054 Indre Fosen: 2/4 NSR svarte med feil. Prøv igjen senere." in output.getvalue()
    assert Unit.objects.get(name="Leksvik barnehage").register_children == 48


def test_those_who_have_withdrawn_are_left_out(register_server, participation, staff):
    withdraw(participation, by=staff, now=timezone.now())
    assert run("9") == "0 municipalities, 0 units counted, 0 with a register error\n"


def test_a_cohort_that_is_not_there(db):
    with pytest.raises(CommandError, match="There is no cohort 77"):
        run("77")


def test_the_task_does_the_same(register_server, cohort, participation, units):
    tasks.refresh_registers(cohort.pk)
    assert Unit.objects.filter(register_on=timezone.localdate()).count() == 3
