"""Whatever is done with a composition, undoing it step by step goes back the same way, to where it began."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from guidance.groups import seating, steps
from guidance.groups.steps import facts
from guidance.models import Composition, CompositionStep, GroupMember

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("noon")]

ACTS = st.lists(
    st.tuples(st.sampled_from(["propose", "lock", "unlock", "choose"]), st.integers(0, 2), st.integers(0, 3)),
    max_size=6,
)


@given(ACTS)
@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_back_the_way_it_came(published, cohort, people, participation, other_participation, leader, acts):
    """The composition is the same one in every example, so each begins where all the steps of the last are undone."""
    now, places = timezone.now(), [participation, other_participation]
    CompositionStep.objects.filter(composition=published).delete()
    groups = set(GroupMember.objects.current().values_list("group", "supervisor", "leads"))
    been = [facts(published.seats.all())]
    for act, place, who in acts:
        if act == "propose":
            seating.propose(cohort, published, by=leader, now=now)
        elif act == "choose":
            group = {people[who].pk: True, people[(who + 2) % 4].pk: False}
            seen = steps.version(published.seats.filter(participation=places[place % 2]))
            seating.choose(
                published, places[place % 2], group=group, locked=bool(who % 2), seen=seen, by=leader, now=now
            )
        else:
            only = None if place == 2 else places[place].pk
            seating.lock(published, locked=act == "lock", participation=only, by=leader, now=now)
        if facts(published.seats.all()) != been[-1]:
            been.append(facts(published.seats.all()))
    for expected in reversed(been[:-1]):
        steps.undo(published, step=steps.last(published).pk, by=leader, now=now)
        assert facts(published.seats.all()) == expected
    assert steps.last(published) is None
    assert set(GroupMember.objects.current().values_list("group", "supervisor", "leads")) == groups


@given(ACTS)
@hypothesis_settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_discarded_leaves_the_groups_alone(published, cohort, people, participation, leader, acts):
    now = timezone.now()
    groups = set(GroupMember.objects.current().values_list("group", "supervisor", "leads"))
    made = Composition.objects.open_for(cohort, by=leader, now=now)
    begun = facts(made.seats.all())
    for act, place, _who in acts:
        if act != "choose":
            only = participation.pk if place else None
            seating.lock(made, locked=act == "lock", participation=only, by=leader, now=now)
    made.seats.filter(locked=False).delete()
    made.discard(by=leader, now=now)
    assert set(GroupMember.objects.current().values_list("group", "supervisor", "leads")) == groups
    again = Composition.objects.open_for(cohort, by=leader, now=now)
    assert facts(again.seats.all()) == begun
    with pytest.raises(ValidationError):
        made.restore()
    again.discard(by=leader, now=now)
