"""Staff's pages about a unit: the form, what saving does, the saving, and back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lmp.changes.unit import closing
from outbox.models import Message
from participants.models import Unit, UnitClosure
from parts.forms import BACK, CONFIRMED


def at(name: str, row) -> str:
    return reverse(f"changes:{name}", args=[row.pk])


def text(response) -> str:
    return response.content.decode()


class TestClosing:
    def test_nothing_is_stored_before_it_is_confirmed(self, staff_client, registered, units, today, measure):
        sent = {"on": today.isoformat()}
        page = staff_client.post(at("close_unit", units[0]), sent)
        assert page.status_code == 200
        for said in ("Hanne Styrer meldes av 1. samling", "Tiltaket stoppes", "Ingenting er lagret ennå"):
            assert said in text(page)
        assert not UnitClosure.objects.exists()
        assert not Message.objects.filter(text_name="participants.unit_changed").exists()
        done = staff_client.post(at("close_unit", units[0]), sent | {CONFIRMED: "1"}, follow=True)
        assert "Fembøringen barnehage ble lagt ned " in text(done)
        assert not Unit.objects.get(pk=units[0].pk).is_active()

    def test_back_keeps_what_was_typed(self, staff_client, confirmed, units, today):
        day = (today + timedelta(days=9)).isoformat()
        page = staff_client.post(at("close_unit", units[0]), {"on": day, BACK: "1"})
        assert page.status_code == 200
        assert f'value="{day}"' in text(page)
        assert not UnitClosure.objects.exists()

    @pytest.mark.any_database
    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("", "Feltet må fylles ut"),
            ("i fjor", "Skriv en dato"),
            ("1999-01-01", "før prosjektet begynte"),
            ("2199-01-01", "for langt fram"),
        ],
    )
    def test_what_is_wrong_is_said(self, staff_client, confirmed, units, typed, said):
        page = staff_client.post(at("close_unit", units[0]), {"on": typed, CONFIRMED: "1"})
        assert page.status_code == 422
        assert not UnitClosure.objects.exists()
        assert page.context["form"].errors["on"]

    def test_what_has_closed_meanwhile_is_said_in_the_form(self, staff_client, confirmed, units, staff, today):
        closing.close(units[0], on=today, by=staff, now=timezone.now())
        page = staff_client.post(at("close_unit", units[0]), {"on": today.isoformat(), CONFIRMED: "1"})
        assert page.status_code == 422
        assert "Fembøringen barnehage er allerede lagt ned." in text(page)


class TestMerging:
    def test_the_choices_are_shown_and_done(self, staff_client, registered, units, other_head, groups, measure, today):
        sent = {
            "into": units[1].pk,
            "on": today.isoformat(),
            "head": "own",
            "group": "both",
            "measures": "move",
        }
        form = text(staff_client.get(at("merge_unit", units[0])))
        assert "Hanne Styrer, som leder Fembøringen barnehage i dag" in form
        page = text(staff_client.post(at("merge_unit", units[0]), sent))
        for said in ("Hanne kommer med i gruppa ved Leksvik", "Leif Leder er ikke lenger styrer", "med samme plass"):
            assert said in page
        assert Unit.objects.get(pk=units[0].pk).merged_into is None
        staff_client.post(at("merge_unit", units[0]), sent | {CONFIRMED: "1"})
        assert Unit.objects.get(pk=units[0].pk).merged_into == units[1]

    def test_every_choice_is_to_be_made(self, staff_client, confirmed, units):
        page = staff_client.post(at("merge_unit", units[0]), {"on": ""})
        assert set(page.context["form"].errors) == {"into", "on", "head", "group", "measures"}

    def test_a_coming_one_is_shown_as_it_was_decided(self, staff_client, confirmed, units, staff, today):
        moves = closing.Moves("other", "both", measures=False)
        day = today + timedelta(days=5)
        closing.merge(units[0], units[1], on=day, moves=moves, by=staff, now=timezone.now())
        initial = staff_client.get(at("merge_unit", units[0])).context["form"].initial
        assert initial == {"on": day, "into": units[1].pk, "head": "other", "group": "both", "measures": "end"}


def test_a_unit_goes_on_after_all(staff_client, confirmed, units, head, staff, today):
    closing.close(units[0], on=today, by=staff, now=timezone.now())
    page = text(staff_client.post(at("reopen_unit", units[0])))
    assert "Hanne Styrer er igjen styrer ved Fembøringen barnehage" in page
    assert not Unit.objects.get(pk=units[0].pk).is_active()
    staff_client.post(at("reopen_unit", units[0]), {CONFIRMED: "1"})
    assert Unit.objects.get(pk=units[0].pk).is_active()


class TestRenaming:
    def test_the_next_has_the_new_name_and_the_old_still_finds_it(self, staff_client, confirmed, units, staff, contact):
        page = text(staff_client.post(at("rename_unit", units[0]), {"name": "Båten barnehage"}))
        assert "Fembøringen barnehage → Båten barnehage" in page
        assert Unit.objects.get(pk=units[0].pk).name == "Fembøringen barnehage"
        staff_client.post(at("rename_unit", units[0]), {"name": "Båten barnehage", CONFIRMED: "1"})
        unit = Unit.objects.get(pk=units[0].pk)
        assert unit.name == "Båten barnehage"
        assert unit.history.first().history_user == staff
        for address in ("/admin/participants/participation/?q=Fembøringen", "/kommuner/?q=Fembøringen"):
            assert "Indre Fosen" in text(staff_client.get(address))
        assert "Båten barnehage" in text(staff_client.get("/admin/participants/unit/?q=Fembøringen"))

    def test_the_same_name_is_no_change(self, staff_client, units):
        assert staff_client.post(at("rename_unit", units[0]), {"name": units[0].name}).status_code == 422


@pytest.mark.parametrize("written", ["974 760 673", "NO974760673MVA", "974.760.673"])
def test_a_number_is_found_however_it_is_written_and_after_it_changed(staff_client, units, written):
    address = "/admin/participants/unit/"
    assert "Fembøringen" in text(staff_client.get(address, {"q": written}))
    units[0].organisation_number = "958935420"
    units[0].save()
    assert "Fembøringen" in text(staff_client.get(address, {"q": written}))
    assert "Leksvik" not in text(staff_client.get(address, {"q": written}))


def test_another_owner_with_who_and_when(staff_client, units, staff):
    page = text(staff_client.post(at("change_owner", units[0]), {"ownership": "private"}))
    assert "kommunal → privat" in page
    staff_client.post(at("change_owner", units[0]), {"ownership": "private", CONFIRMED: "1"})
    unit = Unit.objects.get(pk=units[0].pk)
    assert (unit.ownership, unit.history.first().history_user) == ("private", staff)
    assert staff_client.post(at("change_owner", units[0]), {"ownership": "private"}).status_code == 422


class TestNew:
    SENT = {"name": "Ny skole", "organisation_number": "958 935 420", "kind": "school", "ownership": "public"}

    def test_the_municipality_is_asked_for_its_count_and_for_nothing_else(
        self, client, staff_client, confirmed, contact, head, today
    ):
        page = text(staff_client.post(at("add_unit", confirmed), self.SENT))
        assert "Antall barn i en ny enhet: Kari Kontakt" in " ".join(page.split())
        assert "Resten av bekreftelsen åpnes ikke." in page
        assert not Unit.objects.filter(name="Ny skole").exists()
        staff_client.post(at("add_unit", confirmed), self.SENT | {CONFIRMED: "1"})
        unit = Unit.objects.get(name="Ny skole")
        assert unit.organisation_number == "958935420"
        [message] = Message.objects.filter(text_name="participants.count_asked")
        assert message.recipient == contact
        assert f"/enhet/{unit.pk}/antall/" in message.body
        assert confirmed.open_confirmation is None

        client.force_login(contact)
        assert "Skriv inn antall barn ved Ny skole" in text(client.get("/"))
        assert "Skriv inn antallet" in text(client.get(confirmed.get_absolute_url()))
        page = client.post(f"/enhet/{unit.pk}/antall/", {"children": "120", "counted_on": today.isoformat()})
        assert page.status_code == 302
        unit.refresh_from_db()
        assert (unit.children, unit.counted_on, unit.history.first().history_user) == (120, today, contact)
        assert "Skriv inn antall barn ved Ny skole" not in text(client.get("/"))

    @pytest.mark.parametrize(
        "typed",
        [
            {"children": "mange"},
            {"children": "-1"},
            {"children": "5001"},
            {"counted_on": "2199-01-01"},
            {"children": ""},
        ],
    )
    def test_a_wrong_count_is_said_and_kept(self, client, confirmed, contact, units, today, typed):
        client.force_login(contact)
        sent = {"children": "12", "counted_on": today.isoformat()} | typed
        page = client.post(f"/enhet/{units[0].pk}/antall/", sent)
        assert page.status_code == 422
        assert set(page.context["form"].errors) == set(typed)

    def test_while_a_round_is_open_that_asks(self, staff_client, confirmed, contact, staff, today):
        from participants.confirmation import asking

        asking.ask(confirmed, due_on=today, by=staff, now=timezone.now())
        staff_client.post(at("add_unit", confirmed), self.SENT | {CONFIRMED: "1"})
        assert not Message.objects.filter(text_name="participants.count_asked").exists()

    def test_pressed_twice_makes_one(self, staff_client, confirmed, contact):
        for _press in range(2):
            staff_client.post(at("add_unit", confirmed), self.SENT | {CONFIRMED: "1"})
        assert Unit.objects.filter(name="Ny skole").count() == 1
        assert Message.objects.filter(text_name="participants.count_asked").count() == 1

    def test_a_number_that_is_taken_is_refused_except_for_the_sfo_of_its_school(self, staff_client, confirmed, units):
        taken = {"name": "Statsbygd SFO", "organisation_number": units[2].organisation_number, "ownership": "public"}
        address = at("add_unit", confirmed)
        assert staff_client.post(address, taken | {"kind": "kindergarten", CONFIRMED: "1"}).status_code == 422
        assert staff_client.post(address, taken | {"kind": "sfo", CONFIRMED: "1"}).status_code == 302

    def test_one_that_a_file_or_the_register_brings_is_asked_about_too(self, confirmed, contact, cohort, staff):
        from participants.tests.loading.test_load_cohort import loaded
        from participants.tests.workbooks import INDRE_FOSEN, workbook

        rows = [("5054", "", "", "Ny SFO", "SFO", ""), ("5054", "", "", "Ny skole", "skole", "")]
        loaded(workbook([INDRE_FOSEN], rows, []), staff)
        [message] = Message.objects.filter(text_name="participants.count_asked")
        assert "Ny SFO" in message.body
        assert "Ny skole" in message.body


def test_the_administration_leads_to_the_pages_and_changes_none_of_it(staff_client, confirmed, units, today):
    unit = units[0]
    page = text(staff_client.get(f"/admin/participants/unit/{unit.pk}/change/"))
    for name in ("close_unit", "merge_unit", "rename_unit", "change_owner"):
        assert at(name, unit) in page
    assert at("reopen_unit", unit) not in page
    sent = {"name": "Annet", "closed_on": today.isoformat(), "ownership": "private", "kind": unit.kind}
    sent |= {"organisation_number": unit.organisation_number, "children": "", "counted_on": ""}
    staff_client.post(f"/admin/participants/unit/{unit.pk}/change/", sent)
    unit.refresh_from_db()
    assert (unit.name, unit.closed_on, unit.ownership) == ("Fembøringen barnehage", None, "public")
    page = text(staff_client.get(f"/admin/participants/participation/{confirmed.pk}/change/"))
    assert at("add_unit", confirmed) in page
