"""The confirmation page: works, another's, wrong role, not signed in, bad input loses nothing typed."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_user
from outbox.models import Message
from participants.confirmation.values import StoredFacts
from participants.models import Contact, Draft, Unit
from parts.tests.child_names.asked import ticked
from tests.days_off import nearest


def base_of(response) -> str:
    return re.search(r'name="base" value="([^"]+)"', response.content.decode())[1]


def told(changes: list[dict]) -> list[dict]:
    """The changes in the municipality's language alone."""
    return [{key: change[key] for key in ("what", "before", "after")} for change in changes]


def answers(participation, response, **changed) -> dict:
    """What a browser would send from the page as it is drawn, with these answers typed in."""
    data = {"base": base_of(response), "action": "confirm", "ppt": "yes", "political": "later"}
    form = response.context["form"]
    data |= {name: timezone.localdate().isoformat() for name in form.fields if name.startswith("counted_on")}
    for name, field in form.fields.items():
        if name not in data and not field.disabled and not name.endswith("-sure"):
            data[name] = form[name].value() or ""
    for unit in participation.units.active():
        data[f"unit-{unit.pk}-children"] = data.get(f"unit-{unit.pk}-children") or "40"
    return data | changed


def test_a_confirmation_stores_the_corrections_and_the_answer(client, contact, participation, asked, url, units):
    client.force_login(contact)
    page = client.get(url)
    unit = units[0]
    response = client.post(
        url,
        answers(
            participation,
            page,
            **{
                f"unit-{unit.pk}-children": "36",
                f"unit-{unit.pk}-name": "Fembøringen oppvekstsenter",
                "political": "now",
                "political_on": nearest(timezone.localdate(), -1).isoformat(),
                "political_body": "Kommunestyret",
            },
        ),
    )
    assert response.url == reverse("participants:receipt", args=[participation.pk, 1])
    participation.refresh_from_db()
    unit.refresh_from_db()
    asked.refresh_from_db()
    assert (participation.ppt, participation.political_body) == ("yes", "Kommunestyret")
    assert (unit.children, unit.name) == (36, "Fembøringen oppvekstsenter")
    assert asked.answered_by == contact
    assert {unit["name"]: unit["children"] for unit in asked.snapshot["units"]} == {
        "Fembøringen oppvekstsenter": 36,
        "Leksvik barnehage": 40,
        "Statsbygd skole": 40,
        "Testmann minne skole": 40,
    }
    assert {"what": "Antall elever, Statsbygd skole", "before": "", "after": "40"} in told(asked.changes)
    receipt = client.get(response.url).content.decode()
    assert "Fembøringen oppvekstsenter" in receipt
    [message] = Message.objects.filter(text_name="participants.receipt")
    assert message.to == contact.email
    assert "Fembøringen oppvekstsenter: 36" in message.body


def test_pressing_twice_confirms_once(client, contact, participation, asked, url):
    client.force_login(contact)
    data = answers(participation, client.get(url))
    first, second = client.post(url, data), client.post(url, data)
    assert first.url == second.url
    assert participation.confirmations.count() == 1
    assert Message.objects.filter(text_name="participants.receipt").count() == 1


def test_bad_input_loses_nothing_typed(client, contact, participation, asked, url, units):
    client.force_login(contact)
    typed = {
        f"unit-{units[0].pk}-children": "førti",
        f"unit-{units[1].pk}-organisation_number": "123456784",
        "political": "now",
        "political_on": "31.02.2026",
        "comment": "<script>alert(1)</script> æøå",
    }
    response = client.post(url, answers(participation, client.get(url), **typed))
    assert response.status_code == 422
    for name, value in typed.items():
        assert response.context["form"][name].value() == value
    assert set(response.context["form"].errors) == {
        f"unit-{units[0].pk}-children",
        f"unit-{units[1].pk}-organisation_number",
        "political_on",
        "political_body",
    }
    assert "<script>alert" not in response.content.decode()
    assert not participation.confirmations.filter(answered_at__isnull=False).exists()
    # and it is still there the next day, in another browser
    client.logout()
    client.force_login(contact)
    again = client.get(url)
    assert again.context["form"][f"unit-{units[0].pk}-children"].value() == "førti"


def test_a_choice_not_made_is_asked_for(client, contact, participation, asked, url):
    client.force_login(contact)
    data = answers(participation, client.get(url))
    del data["ppt"], data["political"]
    response = client.post(url, data)
    assert set(response.context["form"].errors) == {"ppt", "political"}


def test_a_draft_keeps_what_is_typed_and_sends_nothing(client, contact, participation, asked, url, units):
    client.force_login(contact)
    key = f"unit-{units[2].pk}-children"
    response = client.post(url, answers(participation, client.get(url), action="draft", **{key: "12x"}), follow=True)
    assert response.context["form"][key].value() == "12x"
    asked.refresh_from_db()
    assert asked.is_open
    assert not Message.objects.exists()


def test_the_second_is_told_what_the_first_changed(client, contact, participation, asked, url, units, staff):
    client.force_login(contact)
    page = client.get(url)
    units[0].name = "Nytt navn barnehage"
    units[0].save()
    make_contact(participation, make_user("ny@example.no", "Ny Person"), Contact.Function.SCHOOL_LEAD, by=staff)
    key = f"unit-{units[1].pk}-children"
    response = client.post(url, answers(participation, page, **{key: "77"}))
    assert response.status_code == 409
    text = response.content.decode()
    assert "Fembøringen barnehage → Nytt navn barnehage" in text
    assert "Ny Person" in text
    assert response.context["form"][key].value() == "77"
    assert response.context["form"][f"unit-{units[0].pk}-name"].value() == "Nytt navn barnehage"
    # having seen it, the same person may confirm
    done = client.post(url, answers(participation, response, **{key: "77"}))
    assert done.status_code == 302
    units[0].refresh_from_db()
    assert units[0].name == "Nytt navn barnehage"


def test_somebody_who_has_left_meanwhile_is_named(client, contact, participation, asked, url, staff):
    colleague = make_contact(
        participation, make_user("ny@example.no", "Ny Person"), Contact.Function.SCHOOL_LEAD, by=staff
    )
    client.force_login(contact)
    data = answers(participation, client.get(url))
    colleague.end(by=staff, now=timezone.now())
    response = client.post(url, data)
    assert response.status_code == 409
    [change] = response.context["changes"]
    assert (change.what, change.before, change.after) == ("Kontaktpersonen er tatt ut", str(colleague), "")


def test_both_changed_the_same_value_to_the_same(client, contact, participation, asked, url, units, staff):
    colleague = make_contact(
        participation, make_user("ny@example.no", "Ny Person"), Contact.Function.SCHOOL_LEAD, by=staff
    )
    client.force_login(contact)
    data = answers(participation, client.get(url), **{f"contact-{colleague.pk}-name": "Nytt Navn"})
    colleague.correct(name="Nytt Navn", phone="", by=staff)
    assert client.post(url, data).url == reverse("participants:receipt", args=[participation.pk, 1])


def test_both_changed_the_same_value(client, contact, participation, asked, url, units):
    client.force_login(contact)
    page = client.get(url)
    units[0].children = 10
    units[0].save()
    key = f"unit-{units[0].pk}-children"
    response = client.post(url, answers(participation, page, **{key: "12"}))
    assert "Du skrev: 12" in response.content.decode()
    assert response.context["form"][key].value() == "12"


def test_confirmed_by_another_meanwhile(client, contact, participation, asked, url, units, staff):
    colleague = make_user("kollega@example.no", "Kolle Ga")
    make_contact(participation, colleague, Contact.Function.AUTHORITY, by=staff)
    client.force_login(contact)
    mine = answers(participation, client.get(url), **{f"unit-{units[0].pk}-children": "99"})
    client.force_login(colleague)
    client.post(url, answers(participation, client.get(url)))
    client.force_login(contact)
    response = client.post(url, mine)
    assert response.status_code == 409
    assert "Kolle Ga rakk å bekrefte før deg" in response.content.decode()
    assert "99" in response.content.decode()


def test_a_figure_far_from_the_register_is_asked_about(client, contact, participation, asked, url, units):
    units[0].suggest(children=36, on=timezone.localdate())
    client.force_login(contact)
    key = f"unit-{units[0].pk}"
    response = client.post(url, answers(participation, client.get(url), **{f"{key}-children": "360"}))
    assert list(response.context["form"].errors) == [f"{key}-sure"]
    sure = answers(participation, response, **{f"{key}-children": "360", f"{key}-sure": "on"})
    assert client.post(url, sure).status_code == 302


def test_a_new_name_and_address_is_another_person(client, contact, participation, url, staff, request):
    old = make_contact(participation, make_user("gammel@example.no", "Gam Mel"), Contact.Function.AUTHORITY, by=staff)
    asked = request.getfixturevalue("asked")
    client.force_login(contact)
    key = f"contact-{old.pk}"
    client.post(
        url, answers(participation, client.get(url), **{f"{key}-name": "Ny Sjef", f"{key}-email": "Ny@example.no"})
    )
    old.refresh_from_db()
    assert old.ended_by == contact
    successor = old.replaced_by.get()
    assert (successor.name, successor.user.email) == ("Ny Sjef", "ny@example.no")
    assert Message.objects.get(text_name="participants.access_given").to == "ny@example.no"
    asked.refresh_from_db()
    assert {"what": "Kontaktpersonen er tatt ut", "before": str(old), "after": ""} in told(asked.changes)
    # S6: who loses access is told, by whom, and what to do if it is wrong.
    mail = Message.objects.get(to="gammel@example.no")
    assert mail.text_name == "participants.access_ended"
    assert "Ny Sjef har erstattet deg." in mail.body
    assert "Svar på denne e-posten" in mail.body


def test_own_address_cannot_be_changed_here(client, contact, participation, asked, url):
    own = Contact.objects.get(user=contact)
    client.force_login(contact)
    client.post(url, answers(participation, client.get(url), **{f"contact-{own.pk}-email": "annen@example.no"}))
    own.refresh_from_db()
    assert own.user == contact


def test_a_missing_head_is_added_and_told(client, contact, participation, asked, url, units):
    client.force_login(contact)
    key = f"unit-{units[0].pk}"
    client.post(
        url,
        answers(
            participation,
            client.get(url),
            **{f"{key}-head_name": "Stig Styrer", f"{key}-head_email": "stig@example.no"},
        ),
    )
    head = Contact.objects.get(unit=units[0])
    assert (head.function, head.user.email) == ("head", "stig@example.no")
    message = Message.objects.get(text_name="participants.access_given")
    assert message.to == "stig@example.no"
    assert "prosjektgruppa ved Fembøringen barnehage" in message.body


@pytest.mark.parametrize(
    "who", ["other_contact", "head", "former_contact", "officer", "supervisor", "stranger", "staff"]
)
def test_others_do_not_find_it(client, request, asked, url, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(url).status_code in {302, 404}
    assert client.post(url, {"action": "confirm"}).status_code in {302, 404}
    assert not Draft.objects.exists()


def test_not_signed_in(client, asked, url):
    response = client.get(url)
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_a_broken_base_overwrites_nothing(client, contact, participation, asked, url, units):
    client.force_login(contact)
    data = answers(participation, client.get(url), base="tull:og:tøys", **{f"unit-{units[0].pk}-name": "Gammelt navn"})
    response = client.post(url, data)
    assert response.status_code == 409
    units[0].refresh_from_db()
    assert units[0].name == "Fembøringen barnehage"


def test_two_tabs_of_the_same_person_keep_both_figures(client, contact, participation, asked, url, units):
    client.force_login(contact)
    first, second = client.get(url), client.get(url)
    keys = [f"unit-{unit.pk}-children" for unit in units[:2]]

    def typed(page, **changed):
        return answers(participation, page, **{f"unit-{unit.pk}-children": "" for unit in units} | changed)

    client.post(url, typed(first, action="draft", **{keys[0]: "41"}))
    client.post(url, typed(second, action="draft", **{keys[1]: "42"}))
    page = client.get(url)
    assert [page.context["form"][key].value() for key in keys] == ["41", "42"]
    # the first tab again: what it takes back is taken back, and what the other tab wrote stays
    client.post(url, typed(second, action="draft", **{keys[1]: ""}))
    page = client.get(url)
    assert [page.context["form"][key].value() for key in keys] == ["41", ""]


def test_confirming_in_an_older_tab_shows_what_the_newer_one_wrote(client, contact, participation, asked, url, units):
    client.force_login(contact)
    older, newer = client.get(url), client.get(url)
    key = f"unit-{units[0].pk}-name"
    client.post(url, answers(participation, newer, action="draft", **{key: "Nytt navn"}))
    response = client.post(url, answers(participation, older))
    assert response.status_code == 409
    assert response.context["form"][key].value() == "Nytt navn"
    assert "i en annen fane" in response.content.decode()
    assert client.post(url, answers(participation, response, **{key: "Nytt navn"})).status_code == 302


def test_an_older_tab_loses_nothing_that_it_has_no_field_for(client, contact, participation, asked, url, staff):
    client.force_login(contact)
    older = client.get(url)
    colleague = make_contact(
        participation, make_user("ny@example.no", "Ny Person"), Contact.Function.SCHOOL_LEAD, by=staff
    )
    key = f"contact-{colleague.pk}-phone"
    client.post(url, answers(participation, client.get(url), action="draft", **{key: "900 00 000"}))
    client.post(url, answers(participation, older, action="draft"))
    assert client.get(url).context["form"][key].value() == "900 00 000"


def test_what_another_tab_holds_is_called_as_on_the_page(client, contact, participation, asked, url, units):
    client.force_login(contact)
    older, newer = client.get(url), client.get(url)
    head = f"unit-{units[0].pk}-head_name"
    typed = {"comment": "Hei", "political": "now", head: "Stig Styrer"}
    client.post(url, answers(participation, newer, action="draft", **typed))
    data = answers(participation, older)
    del data["political"]
    response = client.post(url, data)
    assert response.status_code == 409
    assert {change.what: change.after for change in response.context["changes"]} == {
        "Melding": "Hei",
        "Er politisk nivå i kommunen informert om prosjektet?": "Ja",
        "Navn på styrer, Fembøringen barnehage": "Stig Styrer",
    }


def test_the_form_has_no_field_that_is_not_read_from_the_page(client, contact, participation, asked, url, units):
    client.force_login(contact)
    facts = StoredFacts.load(participation)
    fields = client.get(url).context["form"].fields
    assert fields.keys() <= set(facts.field_names())
    assert {name for name, field in fields.items() if field.disabled} == facts.locked_names(contact)


def test_what_somebody_else_changed_is_not_undone_by_an_untouched_draft(
    client, contact, participation, asked, url, units
):
    client.force_login(contact)
    key = f"unit-{units[0].pk}-name"
    client.post(url, answers(participation, client.get(url), action="draft"))
    units[0].name = "Nytt navn barnehage"
    units[0].save()
    page = client.get(url)
    assert page.context["form"][key].value() == "Nytt navn barnehage"
    assert client.post(url, answers(participation, page)).status_code == 302
    units[0].refresh_from_db()
    assert units[0].name == "Nytt navn barnehage"


def test_a_message_that_is_too_long_is_kept_whole(client, contact, participation, asked, url):
    client.force_login(contact)
    page = client.get(url)
    assert "maxlength" not in page.content.decode()
    assert 'data-limit="2000"' in page.content.decode()
    response = client.post(url, answers(participation, page, comment="å" * 5000))
    assert response.status_code == 422
    assert response.context["form"]["comment"].value() == "å" * 5000


def test_the_same_again_from_an_old_tab_is_no_news(client, contact, participation, asked, url, units):
    client.force_login(contact)
    page = client.get(url)
    data = answers(participation, page, comment="Hei\nog hå")
    client.post(url, data)
    assert client.post(url, data | {"comment": "Hei\r\nog hå"}).status_code == 302
    other = client.post(url, data | {f"unit-{units[0].pk}-children": "99"})
    assert "Du har allerede bekreftet" in other.content.decode()


def test_the_receipt_speaks_the_readers_language(client, contact, participation, url, units, request):
    Unit.objects.filter(pk=units[1].pk).update(children=30)
    request.getfixturevalue("asked")
    client.force_login(contact)
    changed = {f"unit-{units[1].pk}-children": "40"}
    receipt = client.post(url, answers(participation, client.get(url), **changed)).url
    assert "Antall barn, Leksvik barnehage" in client.get(receipt).content.decode()
    contact.choose_language("nn")
    text = client.get(receipt).content.decode()
    assert "Talet på barn, Leksvik barnehage" in text
    assert "eigar" in text
    assert "Antall barn" not in text


def test_a_message_that_may_name_a_child_is_asked_about(client, contact, participation, asked, url):
    client.force_login(contact)
    data = answers(participation, client.get(url), comment="Mamma til Liam i 5B vil høre om det.")
    response = client.post(url, data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["no_children"]
    page = response.content.decode()
    assert "Mamma til Liam i 5B vil høre om det." in page
    assert page.count("Det kan se ut som om teksten navngir et barn.") == 2  # in the summary and at the tick
    again = answers(participation, response, comment=data["comment"]) | ticked(response)
    assert client.post(url, again).status_code == 302
    assert participation.confirmations.get().comment == data["comment"]


def test_a_contact_in_the_message_is_no_child(client, contact, participation, asked, url):
    client.force_login(contact)
    name = participation.contacts.first().name
    data = answers(participation, client.get(url), comment=f"Spør {name} om eleven i filmen.")
    assert client.post(url, data).status_code == 302


def test_a_municipality_of_four_hundred_units_can_save_and_send(client, contact, participation, asked, url, units):
    """Oslo has as many: more fields than Django takes by itself."""
    more = [Unit(participation=participation, name=f"Skole {number}", kind="school") for number in range(400)]
    Unit.objects.bulk_create(more)
    client.force_login(contact)
    data = answers(participation, client.get(url))
    assert len(data) > 1000
    assert client.post(url, data | {"action": "draft"}).status_code == 302
    assert "Skole 399" in client.get(url).content.decode()
