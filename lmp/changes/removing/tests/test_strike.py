"""What never should have been written can be struck: who, when and why stays, and the content goes, wherever it is."""

import json

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from conftest import make_supervisor, make_user
from gatherings.models import Answer, Gathering, LateRequest
from gatherings.registration import late_requests
from guidance.follow_up.continuity import continuity_of
from guidance.models import Correction, GroupMember, GuidanceSettings, Handover, LogDraft, Measure
from lmp.changes.removing.tests.conftest import AGREED, NAME, send, signed_in, text_of
from outbox.models import Message
from participants.confirmation import asking
from participants.models import Confirmation, ProjectGroup, ProjectGroupMember, Strike

pytestmark = pytest.mark.usefixtures("noon", "db")
CHILD = {"reason": "child"}


def everything() -> str:
    """Every value of every table of the portal's, as text."""
    own = {"guidance", "participants", "gatherings", "outbox", "accounts", "welcome", "sessions"}
    found = []
    for model in apps.get_models():
        if model._meta.app_label in own and model.__name__ != "Municipality":
            found += [json.dumps(row, default=str, ensure_ascii=False) for row in model._base_manager.values()]
    return "\n".join(found)


def strike_log(pk: int) -> str:
    return reverse("removing:strike_log", args=[pk])


def test_a_text_of_a_log_goes_and_the_log_counts(log, supervisor, cohort, participation):
    page = send(supervisor, strike_log(log.pk), {"texts": ["worked_on"]} | CHILD)
    today = timezone.localdate()
    assert "Teksten er fjernet." in page.text
    assert "Teksten er fjernet av Vera Veileder" in page.text
    assert "kunne vise til et bestemt barn" in page.text
    assert NAME not in everything()
    log.refresh_from_db()
    assert (log.worked_on, log.agreed) == ("", AGREED)
    strike = Strike.objects.get()
    assert (strike.about, strike.text, strike.struck_by, strike.reason) == (log, "worked_on", supervisor, "child")
    found = continuity_of(cohort, GuidanceSettings(cohort=cohort), today=today)
    assert [one.total for one in found if one.participation == participation] == [1]


def test_what_it_does_is_shown_first(corrected, supervisor):
    LogDraft(user=supervisor, group=corrected.group).keep(data={"worked_on": [NAME]}, now=timezone.now())
    data = {"texts": ["worked_on", "agreed"]} | CHILD
    page = send(supervisor, strike_log(corrected.pk), data, confirmed=False)
    said = text_of(page)
    for words in ("Dette fjernes for godt", "Dette arbeidet vi med: Vi så på rutinene", "1 rettelse"):
        assert words in said
    assert not Strike.objects.exists()
    corrected.refresh_from_db()
    assert corrected.worked_on


def test_earlier_versions_and_drafts_go_too(corrected, supervisor):
    LogDraft(user=supervisor, group=corrected.group).keep(
        data={"worked_on": ["Vi så på rutinene for garderoben."], "agreed": ["Noe annet"]}, now=timezone.now()
    )
    send(supervisor, strike_log(corrected.pk), {"texts": ["worked_on", "agreed"]} | CHILD)
    kept = everything()
    for text in (NAME, AGREED, "Vi så på rutinene", "Rektor følger opp"):
        assert text not in kept
    assert LogDraft.objects.get().data == {"worked_on": [""], "agreed": ["Noe annet"]}
    assert Correction.objects.get().corrected_by == supervisor


def test_a_correction_goes_and_the_log_stays(corrected, supervisor, leader):
    correction = corrected.corrections.get()
    page = send(leader, reverse("removing:strike_correction", args=[correction.pk]), CHILD)
    assert "Teksten er fjernet av Pia Prosjektleder" in page.text
    assert NAME not in everything()
    assert AGREED not in everything()
    corrected.refresh_from_db()
    assert corrected.worked_on == "Vi så på rutinene for garderoben."
    correction.refresh_from_db()
    assert set(correction.before) == {"worked_on", "agreed"}


def test_nothing_is_struck_twice(log, supervisor, leader):
    data = {"texts": ["worked_on", "agreed"]} | CHILD
    send(supervisor, strike_log(log.pk), data)
    again = signed_in(leader).post(strike_log(log.pk), data | {"_confirmed": "1"}, follow=True)
    assert "Teksten er allerede fjernet." in again.text
    assert "Teksten er fjernet av Vera Veileder" in again.text
    assert Strike.objects.count() == 2


def test_two_who_strike_at_once_strike_once(log, supervisor, leader):
    """The second had the page open: what is gone is said, and who took it away stays."""
    data = {"texts": ["worked_on"]} | CHILD
    shown = signed_in(leader).post(strike_log(log.pk), data)
    assert "Ingenting er lagret ennå" in shown.text
    send(supervisor, strike_log(log.pk), {"texts": ["worked_on", "agreed"]} | CHILD)
    signed_in(leader).post(strike_log(log.pk), data | {"_confirmed": "1"})
    assert set(Strike.objects.values_list("struck_by__email", flat=True)) == {supervisor.email}


@pytest.mark.parametrize("person", ["contact", "head", "officer", "staff", "other_supervisor", "former_supervisor"])
def test_only_the_writer_and_a_project_leader(request, log, person):
    who = request.getfixturevalue(person)
    assert signed_in(who).post(strike_log(log.pk), {"texts": ["agreed"], "_confirmed": "1"} | CHILD).status_code == 404
    assert strike_log(log.pk) not in signed_in(who).get(log.get_absolute_url()).text


def test_a_colleague_in_the_group_may_not_unless_they_corrected_it(log, participation, units):
    colleague = make_user("kollega@example.no", "Kolle Ga")
    make_supervisor(participation, colleague)
    assert signed_in(colleague).get(strike_log(log.pk)).status_code == 404
    facts = {"agreed": "Noe annet"}
    log.correct(facts=facts, units=units[:1], supervisors=[], by=colleague, now=timezone.now())
    assert signed_in(colleague).get(strike_log(log.pk)).status_code == 200


def test_the_form_keeps_what_was_chosen(log, supervisor):
    answer = signed_in(supervisor).post(strike_log(log.pk), {"texts": ["agreed"]})
    assert answer.status_code == 422
    assert 'value="agreed" checked' in " ".join(answer.text.split()) or "checked" in answer.text
    back = signed_in(supervisor).post(strike_log(log.pk), {"texts": ["agreed"], "_back": "1"} | CHILD)
    assert back.status_code == 200
    assert "checked" in back.text
    assert not Strike.objects.exists()


def test_a_correction_page_that_was_open_does_not_bring_it_back(log, supervisor, units):
    client = signed_in(supervisor)
    url = reverse("guidance:correct_log", args=[log.pk])
    page = client.get(url).context
    send(supervisor, strike_log(log.pk), {"texts": ["worked_on"]} | CHILD)
    posted = {
        "held_on": log.held_on.isoformat(),
        "format": "visit",
        "minutes": "90",
        "themes": ["bullying"],
        "worked_on": "Noe helt annet, og langt nok til å kjennes igjen.",
        "supervisors": [supervisor.supervisor.pk],
        "units": [units[0].pk],
        "took_head": "1",
        "seen": page["seen"],
        "struck": page["struck"],
    }
    answer = client.post(url, posted)
    assert answer.status_code == 409
    assert "Tekst i loggen er fjernet mens du skrev" in answer.text
    assert "Noe helt annet" in answer.text
    log.refresh_from_db()
    assert log.worked_on == ""
    assert client.post(url, posted | {"struck": answer.context["struck"]}).status_code == 302
    log.refresh_from_db()
    assert log.worked_on.startswith("Noe helt annet")


def test_other_facts_are_corrected_without_writing_the_text_once_more(log, supervisor, units):
    send(supervisor, strike_log(log.pk), {"texts": ["worked_on"]} | CHILD)
    client, url = signed_in(supervisor), reverse("guidance:correct_log", args=[log.pk])
    posted = {
        "held_on": log.held_on.isoformat(),
        "format": "visit",
        "minutes": "60",
        "themes": ["bullying"],
        "worked_on": "",
        "agreed": "Rektor legger fram planen.",
        "supervisors": [supervisor.supervisor.pk],
        "units": [units[0].pk],
        "took_head": "1",
        "seen": 0,
        "struck": client.get(url).context["struck"],
    }
    assert client.post(url, posted).status_code == 302
    log.refresh_from_db()
    assert (log.minutes, log.worked_on) == (60, "")
    assert "Teksten er fjernet av Vera Veileder" in client.get(log.get_absolute_url()).text


def test_a_measure(measure, head, contact):
    measure.change(
        facts=measure.facts | {"what": "Jonas får egen voksen i friminuttene"},
        state="underway",
        progress="Moren til Jonas er enig.",
        by=head,
        now=timezone.now(),
    )
    measure.change(
        facts=measure.facts | {"what": "Flere voksne i friminuttene"},
        state="underway",
        progress="I gang.",
        by=head,
        now=timezone.now(),
    )
    url = reverse("removing:strike_measure", args=[measure.pk])
    page = send(contact, url, {"texts": ["what", "progress"], "reason": "asked"})
    assert "Teksten er fjernet av Kari Kontakt" in page.text
    kept = everything()
    for text in ("Jonas får egen", "Moren til Jonas er enig", "Flere voksne i friminuttene", "I gang."):
        assert text not in kept
    measure.refresh_from_db()
    assert (measure.state, measure.why) == ("underway", "Elevundersøkelsen viser at det skjer mest ute.")
    assert str(measure) == "Teksten er fjernet"


def test_a_measure_in_the_reminders_that_wait(measure, head, participation, staff):
    participation.welcome(by=staff, now=timezone.now())
    text = "Felles rutine for uteområdet"
    line = f"{measure.unit}: {text}, frist til og med fredag"
    facts = {"to": head.email, "language": "nb", "text_name": "guidance.measures", "subject": "Tiltak"}
    times = {"created_at": timezone.now(), "next_attempt_at": timezone.now()}
    for number, about in enumerate((measure, head)):
        Message.objects.create(
            key=f"k{number}",
            message_id=f"m{number}",
            body=f"- {line}\n",
            html=f"<li>{line}</li>",
            about=about,
            **facts,
            **times,
        )
    send(head, reverse("removing:strike_measure", args=[measure.pk]), {"texts": ["what"]} | CHILD)
    assert text not in everything()
    assert {mail.body for mail in Message.objects.all()} == {
        f"- {measure.unit}: (teksten er fjernet), frist til og med fredag\n"
    }


def test_a_measure_page_that_was_open_asks_before_bringing_it_back(measure, head):
    client = signed_in(head)
    seen = client.get(measure.get_absolute_url()).context["form"].initial["seen"]
    send(head, reverse("removing:strike_measure", args=[measure.pk]), {"texts": ["what"]} | CHILD)
    facts = {name: str(value) for name, value in Measure.objects.get().facts.items()}
    posted = facts | {"what": "Felles rutine", "state": "planned", "progress": "", "seen": seen}
    assert client.post(measure.get_absolute_url(), posted).status_code == 422
    assert Measure.objects.get().what == ""


def test_a_note_at_a_handover(participation, supervisor, former_supervisor, leader):
    ended = GroupMember.objects.get(supervisor__user=former_supervisor)
    started = GroupMember.objects.get(supervisor__user=supervisor)
    note = "Husk at Jonas ikke vil snakke med rektor."
    handover = Handover.objects.create(
        ended=ended, started=started, note=note, handed_over_at=timezone.now(), handed_over_by=leader
    )
    url = reverse("removing:strike_note", args=[handover.pk])
    assert signed_in(supervisor).get(url).status_code == 404
    page = send(leader, url, CHILD)
    assert "Teksten er fjernet av Pia Prosjektleder" in page.text
    assert note not in everything()
    assert Handover.objects.get().handed_over_by == leader


@pytest.fixture
def member(units, head) -> ProjectGroupMember:
    group = ProjectGroup.objects.create(unit=units[0], updated_at=timezone.now())
    member = group.members.create(name="Jonas Elevsen", part="other")
    member.name = "Jonas Elevsønn"
    member.save()
    return member


def test_a_name_in_a_project_group(member, head, units):
    page = send(head, reverse("removing:strike_member", args=[member.pk]), CHILD)
    assert "Navnet er fjernet av Hanne Styrer" in page.text
    assert "Jonas" not in everything()
    member.refresh_from_db()
    assert (member.name, member.part) == ("", "other")
    url = reverse("participants:project_group", args=[units[0].pk])
    shown = signed_in(head).get(url)
    posted = {field.html_name: field.value() or "" for form in shown.context["formset"] for field in form}
    posted |= {name: value for name, value in posted.items() if not name.endswith("DELETE")}
    posted = {name: value for name, value in posted.items() if not name.endswith("DELETE")}
    management = shown.context["formset"].management_form
    posted |= {field.html_name: field.value() for field in management}
    posted["struck"] = shown.context["formset"].newest_strike
    assert signed_in(head).post(url, posted).status_code == 302


def test_a_project_group_page_that_was_open_asks_before_bringing_a_name_back(member, head, units):
    url = reverse("participants:project_group", args=[units[0].pk])
    posted = {
        "medlem-TOTAL_FORMS": "1",
        "medlem-INITIAL_FORMS": "1",
        "medlem-0-id": member.pk,
        "medlem-0-name": member.name,
        "medlem-0-part": "staff",
        "struck": "0",
    }
    send(head, reverse("removing:strike_member", args=[member.pk]), CHILD)
    answer = signed_in(head).post(url, posted)
    assert answer.status_code == 422
    assert "Et navn er fjernet mens du hadde siden åpen." in answer.text
    assert member.name in answer.text
    assert ProjectGroupMember.objects.get().name == ""


def test_a_whole_project_group_is_withdrawn(member, head, units, contact):
    page = send(contact, reverse("removing:withdraw_group", args=[units[0].pk]), {"reason": "misplaced"})
    assert "Prosjektgruppa som sto her, er trukket tilbake av Kari Kontakt" in page.text
    assert "Jonas" not in everything()
    assert not ProjectGroup.objects.exists()
    assert ProjectGroup.history.latest().history_user == contact


def test_a_project_group_is_moved(member, contact, units):
    url = reverse("removing:move_group", args=[units[0].pk])
    page = send(contact, url, {"to": units[1].pk})
    assert "Prosjektgruppa er flyttet til Leksvik barnehage." in page.text
    assert ProjectGroup.objects.get().unit == units[1]
    assert ProjectGroup.objects.get().members.get() == member


def test_a_project_group_is_not_moved_to_where_one_is(member, contact, units):
    ProjectGroup.objects.create(unit=units[1], updated_at=timezone.now())
    url = reverse("removing:move_group", args=[units[0].pk])
    assert signed_in(contact).post(url, {"to": units[1].pk, "_confirmed": "1"}).status_code == 422


def test_the_message_of_a_confirmation(participation, contact, staff):
    now = timezone.now()
    text = "Jonas på 4B har skiftet skole."
    confirmation = asking.ask(participation, due_on=timezone.localdate(now), by=staff, now=now)
    confirmation.answer(snapshot={"ppt": "yes"}, changes=[], comment=text, by=contact, now=now)
    again = asking.ask(participation, due_on=timezone.localdate(now), by=staff, now=now)
    again.keep_draft(data={"comment": [text]}, base={}, by=contact, now=now)
    page = send(contact, reverse("removing:strike_comment", args=[confirmation.pk]), CHILD)
    assert "Teksten er fjernet av Kari Kontakt" in page.text
    assert text not in everything()
    confirmation = Confirmation.objects.get(pk=confirmation.pk)
    assert (confirmation.snapshot, confirmation.answered_by) == ({"ppt": "yes"}, contact)


def test_what_was_asked_after_the_deadline(participation, contact, staff, cohort):
    now, today = timezone.now(), timezone.localdate()
    gathering = Gathering.objects.create(
        cohort=cohort,
        semester=4,
        settled="fixed",
        starts_on=today.replace(year=today.year + 1),
        opens_on=today.replace(year=today.year - 1),
        closes_on=today.replace(year=today.year - 1),
    )
    text = "Sønnen min Jonas er syk.\r\n\r\nKan <jeg> melde meg av?"
    asked = late_requests.ask(gathering, participation=participation, registration=None, text=text, by=contact, now=now)
    late_requests.answer(asked, answer="God bedring til Jonas.", by=staff, now=now)
    url = reverse("removing:strike_late_request", args=[asked.pk])
    send(contact, url, CHILD)
    assert "Sønnen min" not in everything()
    assert Message.objects.filter(body__contains="God bedring til Jonas.").exists()
    send(staff, url, CHILD)
    assert "Jonas" not in everything()
    assert Message.objects.filter(body__contains="(teksten er fjernet)").exists()
    kept = LateRequest.objects.get()
    assert (kept.text, kept.answer, kept.asked_by, kept.answered_by) == ("", "", contact, staff)


def test_a_comment_of_an_evaluation(staff, contact, cohort):
    gathering = Gathering.objects.create(cohort=cohort, semester=2, starts_on=timezone.localdate(), settled="fixed")
    answer = Answer.objects.create(gathering=gathering, useful=1, concrete=2, involved=3, arranged=4, comment="Jonas!")
    url = reverse("removing:strike_evaluation", args=[answer.pk])
    assert signed_in(contact).get(url).status_code == 404
    page = send(staff, url, CHILD)
    assert "Teksten er fjernet av Stine Stab" in page.text
    answer.refresh_from_db()
    assert (answer.comment, answer.useful) == ("", 1)


def test_forms_that_wait_to_be_sent_again(log, supervisor, participation):
    """What was typed when the session had ended is kept for an hour: there too."""
    client = signed_in(supervisor)
    url = reverse("guidance:log", args=[participation.pk])
    session = client.session
    body = f"worked_on={NAME.replace(' ', '+')}&agreed=Noe+annet"
    form = {"id": "a", "path": url, "body": body, "at": timezone.now().isoformat(), "had_files": False}
    session["unsent_forms"] = [form]
    session.save()
    send(supervisor, strike_log(log.pk), {"texts": ["worked_on"]} | CHILD)
    kept = client.session["unsent_forms"]
    assert kept[0]["body"] == "worked_on=&agreed=Noe+annet"
