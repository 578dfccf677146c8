"""Who supervises whom: told when the groups are published, and when one supervisor takes over after another."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import make_contact, make_supervisor, make_user, withdraw
from guidance.groups import replacing
from guidance.mails import planned
from guidance.models import Composition, GroupMember, ProposedSeat, Supervisor
from guidance.tests.conftest import FACTS, a_measure
from guidance.tests.mails.conftest import ASKED, NEW_YEAR, at, entry, mails, newest, session
from outbox.models import Message
from participants.models import Cohort, Contact, Municipality, Participation, Unit


def a_supervisor(number: int) -> Supervisor:
    user = make_user(f"veileder{number}@example.no", f"Veileder {number}")
    return Supervisor.objects.create(user=user, name=user.name, employer="centre")


def publish(cohort, by, groups) -> Composition:
    """`groups`: supervisors by participation, the first to lead."""
    made = Composition.objects.open_for(cohort, by=by, now=timezone.now())
    for participation, supervisors in groups.items():
        made.seats.filter(participation=participation).delete()
        for place, supervisor in enumerate(supervisors):
            ProposedSeat.objects.create(
                composition=made, participation=participation, supervisor=supervisor, leads=place == 0
            )
    made.publish(by=by, now=timezone.now())
    return made


@pytest.fixture
def people() -> list[Supervisor]:
    return [a_supervisor(number) for number in range(4)]


@pytest.fixture
def published(cohort, participation, other_participation, people, contact, other_contact, head, leader):
    return publish(cohort, leader, {participation: people[:2], other_participation: people[1:3]})


ALL_TOLD = [
    ("group", "birger.bergen"),
    ("group", "hanne.styrer"),
    ("group", "kari.kontakt"),
    ("group_of_supervisor", "veileder0"),
    ("group_of_supervisor", "veileder1"),
    ("group_of_supervisor", "veileder2"),
]


def test_each_supervisor_municipality_and_head_is_told_once(published, send):
    assert send(ASKED) == ALL_TOLD
    assert send(ASKED) == send(at(10, 10)) == []
    [mail, *_rest] = mails("group", start=at(9, 30))
    assert (mail.send_at, mail.until, mail.scope) == (ASKED, at(10, 15, 11), {"cohort:9"})


def test_a_missed_run_catches_up_for_two_weeks(published, send):
    assert send(at(10, 15, 10)) == ALL_TOLD


def test_then_it_is_no_longer_news(published, send):
    assert send(at(10, 15, 11)) == []


def test_a_supervisor_gets_the_municipalities_that_are_new_for_them(published, cohort, staff, people, leader, send):
    """S3: supervisors got all their seats anew, not what is new."""
    send(ASKED)
    body = newest("veileder1").body
    assert "- Bergen, der du leder gruppa" in body
    assert "- Indre Fosen\n" in body
    assert "/veiledning/\n" in body
    third = Participation.objects.create(
        cohort=cohort, municipality=Municipality.objects.get(number="1818"), accepted_at=ASKED, accepted_by=staff
    )
    publish(cohort, leader, {third: people[1:3]})
    assert send(at(10, 2)) == [("group_of_supervisor", "veileder1"), ("group_of_supervisor", "veileder2")]
    body = newest("veileder1").body
    assert "- Herøy (Nordland), der du leder gruppa\n" in body
    assert "Bergen" not in body


def test_a_municipality_gets_its_supervisors(published, participation, send):
    send(ASKED)
    mail = newest("kari")
    assert mail.subject == "Veilederne deres i Læringsmiljøprosjektet: Indre Fosen"
    assert "- Veileder 0, veileder0@example.no (leder gruppa)\n- Veileder 1, veileder1@example.no\n" in mail.body
    assert "Veileder 2" not in mail.body
    assert f"/veiledning/kommune/{participation.pk}/" in mail.body


def test_who_answers_for_two_municipalities_gets_one_mail(published, other_participation, contact, staff, send):
    make_contact(other_participation, contact, Contact.Function.OWNER, by=staff)
    assert send(ASKED) == ALL_TOLD
    body = newest("kari").body
    assert "- Bergen: Veileder 1, veileder1@example.no (leder gruppa)" in body
    assert "- Indre Fosen: Veileder 0, veileder0@example.no (leder gruppa)" in body


def test_only_groups_that_were_changed_are_told_of(published, cohort, other_participation, people, leader, send):
    send(ASKED)
    publish(cohort, leader, {other_participation: people[2:4]})
    assert send(at(10, 2)) == [
        ("dropped", "veileder1"),
        ("group_changed", "birger.bergen"),
        ("group_changed", "veileder2"),
        ("group_of_supervisor", "veileder3"),
    ]
    body = newest("veileder1").body
    assert "Du er ikke lenger i veiledergruppa i Bergen" in body
    assert "Svar på denne e-posten" in body


def test_a_group_published_again_tells_who_leaves_who_comes_and_that_work_goes_on(
    published, cohort, participation, people, leader, send
):
    """S3: municipalities read as if it were the first time, and nobody learnt who left."""
    send(ASKED)
    people[3].phone = "00 00 45 67"
    people[3].save()
    publish(cohort, leader, {participation: [people[0], people[3]]})
    send(at(10, 2))
    mail = newest("kari")
    assert mail.subject == "Ny veiledergruppe i Indre Fosen: Veileder 1 slutter, Veileder 3 begynner"
    assert "Arbeidet fortsetter der det er, og møter som er avtalt, gjelder fortsatt." in mail.body
    assert "- Veileder 3, veileder3@example.no, tlf. +47 00 00 45 67\n" in mail.body
    assert "første møtet" not in mail.body
    assert newest("veileder0").subject == newest("hanne").subject == mail.subject


def test_a_new_leader_is_told_as_what_it_is(published, cohort, participation, people, leader, send):
    send(ASKED)
    publish(cohort, leader, {participation: [people[1], people[0]]})
    assert send(at(10, 2)) == [
        ("group_changed", name) for name in ("hanne.styrer", "kari.kontakt", "veileder0", "veileder1")
    ]
    assert newest("kari").subject == "Ny veiledergruppe i Indre Fosen: Veileder 1 leder gruppa"


def test_a_whole_new_group_where_sessions_were_held_is_no_first_group(
    published, cohort, participation, people, leader, send
):
    """S3: Indre Fosen, after two logged sessions, read of its first meeting, and nobody learnt that Vigdis left."""
    send(ASKED)
    for day in (at(9, 10), at(9, 24)):
        held = session(participation, people[0].user, [], on=day.date())
        held.submit(
            token=uuid.uuid4(), facts=FACTS, units=[], supervisors=[people[0]], by=people[0].user, now=timezone.now()
        )
    publish(cohort, leader, {participation: people[2:]})
    went = send(at(10, 2))
    assert ("group_changed", "kari.kontakt") in went
    assert ("dropped", "veileder0") in went
    mail = newest("kari")
    assert "Veileder 0 slutter, Veileder 1 slutter, Veileder 2 begynner" in mail.subject
    assert "Arbeidet fortsetter der det er" in mail.body
    assert "første møtet" not in mail.body


@pytest.mark.parametrize("way", ["published", "ended", "replaced"])
def test_who_leaves_learns_what_becomes_of_their_sessions_and_their_calendar_is_cleared(
    published, cohort, participation, people, leader, send, way
):
    """S2: Roald might have driven to the session on 7 December."""
    make_supervisor(participation, people[2].user)
    planned_session = session(participation, people[1].user, [], on=at(12, 7).date())
    send(ASKED)
    assert entry("veileder1") == ("REQUEST", 0)
    member = participation.guidance_group.members.current().get(supervisor=people[1])
    if way == "published":
        publish(cohort, leader, {participation: [people[0], people[2]]})
    elif way == "ended":
        replacing.end(member, by=leader, now=at(10, 2, 9))
    else:
        replacing.replace(member, successor=people[3], note="", by=leader, now=at(10, 2, 9))
    went = send(at(10, 2, 9))
    told = "left" if way == "replaced" else "dropped"
    assert [kind for kind, to in went if to == "veileder1"] == [told, "released"]
    body = Message.objects.get(to="veileder1@example.no", text_name=f"guidance.{told}").body
    now_with = ", ".join(supervisor.name for supervisor in planned_session.supervisors.all())
    assert now_with
    assert "Veileder 1" not in now_with
    assert f"- mandag 7. desember 2026 kl. 09.00–11.00, med {now_with}\n" in body
    released = Message.objects.get(to="veileder1@example.no", text_name="guidance.released")
    assert b"METHOD:CANCEL" in bytes(released.attachments.get().content)
    assert send(at(10, 3)) == []


def test_who_is_taken_out_is_told_and_so_is_everybody_who_worked_with_them(
    published, participation, people, leader, send
):
    """S2: "Avslutt" told nobody."""
    send(ASKED)
    make_supervisor(participation, people[2].user)
    replacing.end(participation.guidance_group.members.current().get(supervisor=people[1]), by=leader, now=at(10, 2, 9))
    assert send(at(10, 2, 9)) == [
        ("departed", "hanne.styrer"),
        ("departed", "kari.kontakt"),
        ("departed", "veileder0"),
        ("departed", "veileder2"),
        ("dropped", "veileder1"),
    ]
    assert send(at(10, 3)) == []
    assert "Veileder 1 er ikke lenger veileder i Indre Fosen" in newest("kari").body


def test_who_is_back_before_anybody_was_told_has_not_left(published, participation, people, leader, send):
    send(ASKED)
    make_supervisor(participation, people[2].user)
    replacing.end(participation.guidance_group.members.current().get(supervisor=people[1]), by=leader, now=at(10, 2, 9))
    make_supervisor(participation, people[1].user)
    assert send(at(10, 2, 10)) == []


def test_who_has_left_since_is_not_told(published, people, send):
    GroupMember.objects.filter(supervisor=people[0]).update(ended_on=timezone.localdate())
    assert ("group_of_supervisor", "veileder0") not in send(ASKED)


def test_withdrawn_or_unable_to_sign_in(published, participation, other_contact, staff, send):
    withdraw(participation, by=staff, now=timezone.now())
    other_contact.is_active = False
    other_contact.save()
    assert send(ASKED) == [("group_of_supervisor", "veileder1"), ("group_of_supervisor", "veileder2")]


def test_ppt_and_former_contacts_are_not_told(published, participation, former_contact, staff, send):
    make_contact(participation, make_user("ppt@example.no", "Ppt"), Contact.Function.PPT, by=staff)
    assert send(ASKED) == ALL_TOLD


def test_an_open_composition_tells_nobody(cohort, participation, people, contact, leader):
    made = Composition.objects.open_for(cohort, by=leader, now=timezone.now())
    ProposedSeat.objects.create(composition=made, participation=participation, supervisor=people[0])
    assert mails(start=at(9, 1)) == []


def test_nothing_in_a_cohort_that_is_over(published, cohort, send):
    cohort.first_year = 2023
    cohort.save()
    assert send(ASKED) == []


@pytest.fixture
def handed_over(participation, supervisor, people, contact, head, staff):
    member = GroupMember.objects.get(supervisor=supervisor.supervisor)
    return replacing.replace(member, successor=people[0], note="HEMMELIG", by=staff, now=timezone.now())


HANDOVER_TOLD = [
    ("handed_over", "hanne.styrer"),
    ("handed_over", "kari.kontakt"),
    ("left", "vera.veileder"),
    ("taken_over", "veileder0"),
]


def test_a_handover_is_told_to_both_and_to_the_municipality(handed_over, send):
    assert send(ASKED) == HANDOVER_TOLD
    assert send(at(10, 3)) == []
    assert newest("kari").subject == "Ny veileder i Indre Fosen: Veileder 0"
    assert "Veileder 0 overtar etter Vera Veileder" in newest("kari").body
    assert newest("vera").subject == "Veileder 0 har overtatt etter deg i Indre Fosen"
    assert "/veiledning/\n" in newest("veileder0").body
    assert "HEMMELIG" not in "".join(Message.objects.values_list("body", flat=True))


def test_a_new_supervisor_is_named_with_address_and_phone(handed_over, people, send):
    """Annoying 1: «Ny veileder» gave a name only."""
    people[0].phone = "00 00 45 67"
    people[0].save()
    send(ASKED)
    assert (
        "Slik når du den nye veilederen: Veileder 0, veileder0@example.no, tlf. +47 00 00 45 67" in newest("kari").body
    )


def test_a_first_group_is_named_with_addresses_and_phones(published, people, send):
    people[1].phone = "00 00 12 34"
    people[1].save()
    send(ASKED)
    for reader in ("kari", "hanne"):
        assert "- Veileder 1, veileder1@example.no, tlf. +47 00 00 12 34\n" in newest(reader).body


def test_a_handover_that_no_longer_holds_is_told_to_nobody(handed_over, send):
    handed_over.ended_on = timezone.localdate()
    handed_over.save()
    assert send(ASKED) == []


def test_who_came_back_has_not_left(handed_over, participation, supervisor, send):
    make_supervisor(participation, supervisor)
    assert send(ASKED) == []


def test_a_handover_where_the_municipality_has_withdrawn(handed_over, participation, staff, send):
    withdraw(participation, by=staff, now=timezone.now())
    assert send(ASKED) == []


def test_language(handed_over, contact, send):
    contact.language = "nn"
    contact.save()
    send(ASKED)
    assert newest("kari").subject == "Ny rettleiar i Indre Fosen: Veileder 0"
    assert newest("vera").language == "nb"


def crowded(cohort: Cohort, by, rows: int) -> None:
    """So many of everything that a mail is about."""
    supervisors = [a_supervisor(100 + number) for number in range(rows)]
    groups = {}
    for number, municipality in enumerate(Municipality.objects.order_by("-number")[:rows]):
        participation = Participation.objects.create(
            cohort=cohort, municipality=municipality, accepted_at=timezone.now(), accepted_by=by
        )
        unit = Unit.objects.create(participation=participation, name=f"Enhet {number}", kind="school")
        head = make_user(f"rektor{number}@example.no", f"Rektor {number}")
        make_contact(participation, head, Contact.Function.HEAD, unit=unit, by=by)
        make_contact(participation, make_user(f"eier{number}@example.no", "Eier"), Contact.Function.OWNER, by=by)
        a_measure(unit, head, starts_on=at(9, 1).date(), ends_on=at(10, 16).date())
        groups[participation] = [supervisors[number]]
    publish(cohort, by, groups)
    for number, participation in enumerate(groups):
        user = supervisors[number].user
        session(participation, user, list(participation.units.all()), on=at(10, 20).date())
        session(participation, user, [], on=at(9, 20).date())
        session(participation, user, [], on=at(10, 21).date()).cancel(by=user, now=timezone.now())
        member = GroupMember.objects.get(group__participation=participation)
        successor = supervisors[(number + 1) % rows]
        replacing.replace(member, successor=successor, note="", by=by, now=timezone.now())


@pytest.mark.parametrize("rows", [2, 20])
def test_as_many_queries_at_two_rows_as_at_twenty(cohort, staff, rows):
    crowded(cohort, staff, rows)
    with CaptureQueriesContext(connection) as queries:
        found = list(planned.planned(at(9, 1), NEW_YEAR))
        assert [mail.values[name] for mail in found for name in mail.text.placeholders]
    assert len({mail.text.name for mail in found}) >= 6
    assert len(queries) == 18, [query["sql"][:90] for query in queries]


def test_nothing_to_tell_costs_few_queries(db):
    with CaptureQueriesContext(connection) as queries:
        assert mails() == []
    assert len(queries) == 11


def test_why_is_in_words(published):
    assert {mail.why for mail in mails(start=at(9, 30))} == {"veiledergruppene i pulje 9 er publisert"}


def test_why_a_handover_is_told_of_is_in_words(handed_over):
    assert {mail.why for mail in mails(start=at(9, 30))} == {
        "Veileder 0 har overtatt etter Vera Veileder i Indre Fosen"
    }
