from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from conftest import withdraw
from outbox.models import Message
from participants.loading import check, load
from participants.loading.plan import CohortPlan, RowResult
from participants.models import Contact, Municipality, Participation, Unit
from participants.tests.workbooks import CONTACT_ROWS, INDRE_FOSEN, UNIT_ROWS, workbook


def rows_of(file):
    return load.read(file, size=file.getbuffer().nbytes).rows


def checked(file, by=None) -> CohortPlan:
    return check.check(rows_of(file), by=by, now=timezone.now())


def loaded(file, by) -> CohortPlan:
    rows = rows_of(file)
    now = timezone.now()
    plan = check.check(rows, by=by, now=now)
    return load.load(rows, digest=plan.digest, by=by, now=now)


def errors(plan: CohortPlan) -> list[tuple]:
    return [(line.sheet, line.number, *error) for line in plan.lines for error in line.errors]


def results(plan: CohortPlan) -> list[tuple]:
    return [(line.sheet, line.number, line.result.value) for line in plan.lines]


def test_a_dry_run_saves_nothing(cohort, staff):
    plan = checked(workbook(), staff)
    assert {line.result for line in plan.lines} == {RowResult.NEW}
    assert len(plan.lines) == 6
    assert not Participation.objects.exists()
    assert not User.objects.filter(email="kari@example.no").exists()


def test_what_was_shown_is_saved(cohort, staff):
    loaded(workbook(), staff)
    participation = Participation.objects.get()
    assert (participation.municipality.number, participation.cohort, participation.case_number) == (
        "5054",
        cohort,
        "2027/12",
    )
    assert participation.nominated_by == participation.accepted_by == staff
    assert list(participation.units.values_list("name", "organisation_number", "kind", "ownership")) == [
        ("Fembøringen barnehage", "974760673", "kindergarten", "public"),
        ("Leksvik skole", "", "school", "public"),
    ]
    rows = participation.contacts.values_list("function", "unit__name", "name", "user__email", "phone")
    assert sorted(rows, key=str) == [
        ("head", "Fembøringen barnehage", "Siri Styrer", "siri@example.no", ""),
        ("head", "Leksvik skole", "Ola Rektor", "ola@example.no", "+47 970 01 123"),
        ("owner", None, "Kari Nordmann", "kari@example.no", "+47 970 01 122"),
    ]


def test_history_says_who_loaded_it(cohort, staff):
    loaded(workbook(), staff)
    for model, count in ((Participation, 1), (Unit, 2), (Contact, 3)):
        history = model.history.values_list("history_type", "history_user", "history_change_reason")
        assert list(history) == [("+", staff.pk, "Lastet inn fra fil")] * count
    assert set(Unit.history.values_list("participation", flat=True)) == {Participation.objects.get().pk}


def test_the_same_file_twice_changes_nothing(cohort, staff):
    loaded(workbook(), staff)
    before = [model.history.count() for model in (Participation, Unit, Contact)]
    plan = checked(workbook(), staff)
    assert {line.result for line in plan.lines} == {RowResult.SAME}
    assert not plan.can_be_loaded
    loaded(workbook(), staff)
    assert [model.history.count() for model in (Participation, Unit, Contact)] == before


def test_changes_are_shown_from_and_to(cohort, staff):
    loaded(workbook([(9, "5054", "", "nei", "")]), staff)
    units = [("5054", "", "974760673", "Båten barnehage", "barnehage", "privat"), UNIT_ROWS[1]]
    contacts = [("5054", "", "eier", "", "Kari N. Nordmann", "KARI@example.no", ""), *CONTACT_ROWS[1:2]]
    contacts.append(("5054", "", "styrer", "Båten barnehage", "Siri Styrer", "siri@example.no", "73 00 00 00"))
    plan = checked(workbook(units=units, contacts=contacts), staff)
    assert [(line.what, line.changes) for line in plan.lines if line.result == RowResult.CHANGED] == [
        ("5054 Indre Fosen", [("Takket ja", "nei", "ja"), ("Saksnummer", "", "2027/12")]),
        (
            "Båten barnehage, 5054 Indre Fosen",
            [("Enhet", "Fembøringen barnehage", "Båten barnehage"), ("Eierform", "kommunal", "privat")],
        ),
        ("Kari N. Nordmann, eier, 5054 Indre Fosen", [("Navn", "Kari Nordmann", "Kari N. Nordmann")]),
        ("Siri Styrer, styrer, Båten barnehage, 5054 Indre Fosen", [("Telefon", "", "+47 73 00 00 00")]),
    ]
    loaded(workbook(units=units, contacts=contacts), staff)
    assert Contact.objects.get(user__email="kari@example.no").phone == "+47 970 01 122"  # an empty cell took nothing
    assert Unit.objects.filter(name="Båten barnehage", ownership="private").exists()
    assert Participation.objects.get().accepted_by == staff


def test_one_error_and_nothing_is_saved(cohort, staff):
    contacts = [*CONTACT_ROWS, ("5054", "", "eier", "", "Per", "ikke en adresse", "")]
    with pytest.raises(load.Changed) as caught:
        loaded(workbook(contacts=contacts), staff)
    assert caught.value.plan.has_errors
    assert not Participation.objects.exists()


def test_what_changed_meanwhile_is_shown_again(cohort, staff):
    rows = rows_of(workbook())
    now = timezone.now()
    digest = check.check(rows, by=staff, now=now).digest
    Participation.objects.create(cohort=cohort, municipality=Municipality.objects.get(number="5054"))
    with pytest.raises(load.Changed) as caught:
        load.load(rows, digest=digest, by=staff, now=now)
    assert caught.value.plan.lines[0].result == RowResult.CHANGED
    assert not Unit.objects.exists()


def test_only_time_passing_is_no_change(cohort, staff):
    rows = rows_of(workbook())
    digest = check.check(rows, by=staff, now=timezone.now()).digest
    later = timezone.now() + timedelta(minutes=20)
    assert load.load(rows, digest=digest, by=staff, now=later).can_be_loaded


def test_0301_as_a_number(cohort, staff):
    plan = loaded(workbook([(9.0, 301.0, "Oslo kommune", True, "")], [], []), staff)
    assert plan.lines[0].what == "0301 Oslo"
    assert Participation.objects.get().municipality.number == "0301"


def test_a_municipality_by_either_of_its_official_names(cohort):
    names = ["Karasjok", "Kárášjohka", "KÁRÁŠJOHKA - KARASJOK", " Karasjok kommune "]
    for name in names:
        assert not checked(workbook([(9, "5610", name, "", "")], [], [])).has_errors


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ((9, "9999", "", "", ""), [("Kommunenummer", "Det finnes ingen kommune med nummer 9999.")]),
        ((9, "", "", "", ""), [("Kommunenummer", "Må fylles ut.")]),
        ((9, "5054", "Bergen", "", ""), [("Kommune", "5054 er Indre Fosen (Trøndelag), men her står Bergen.")]),
        ((9, "5054", "", "kanskje", ""), [("Takket ja", "«kanskje» kan ikke stå her. Skriv ett av disse: ja, nei.")]),
        ((77, "5054", "", "", ""), [("Pulje", "Pulje 77 finnes ikke. Opprett den først.")]),
        (("fem", "5054", "", "", ""), [("Pulje", "Pulje fem finnes ikke. Opprett den først.")]),
    ],
)
def test_a_municipality_row_with_an_error(cohort, row, expected):
    assert errors(checked(workbook([row], [], []))) == [("Kommuner", 2, *error) for error in expected]


def test_all_rows_are_of_one_cohort(cohort):
    plan = checked(workbook([INDRE_FOSEN, (8, "4601", "", "", "")], [], []))
    assert errors(plan) == [("Kommuner", 3, "Pulje", "Alle rader må ha samme pulje. Fila begynner med 9.")]


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (("5054", "", "123456784", "A", "skole", ""), "Organisasjonsnummer", "123456784 er ikke et gyldig"),
        (("5054", "", "", "", "skole", ""), "Enhet", "Må fylles ut."),
        (("5054", "", "", "A", "", ""), "Type", "Må fylles ut."),
        (("5054", "", "", "A", "ungdomsklubb", ""), "Type", "Skriv ett av disse: barnehage, skole, SFO."),
        (("5054", "", "", "A", "skole", "statlig"), "Eierform", "Skriv ett av disse: kommunal, privat."),
        (("4601", "", "", "A", "skole", ""), "Kommunenummer", "Kommunen er ikke med i pulja."),
        (("5054", "", "", "A" * 201, "skole", ""), "Enhet", "Teksten er på 201 tegn."),
        (("5054", "", "", "A" * 10_000, "skole", ""), "Enhet", "Teksten er på 10000 tegn."),
    ],
)
def test_a_unit_row_with_an_error(cohort, row, column, message):
    found = errors(checked(workbook(units=[row], contacts=[])))
    assert [error[:3] for error in found] == [("Enheter", 2, column)]
    assert message in found[0][3]


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (
            ("5054", "", "sjef", "", "A", "a@example.no", ""),
            "Funksjon",
            "Skriv ett av disse: barnehagemyndighet, eier,",
        ),
        (("5054", "", "eier", "", "A", "a@b", ""), "E-post", "navn@eksempel.no"),
        (("5054", "", "eier", "", "A", "a@example.no\nBcc: b@example.no", ""), "E-post", "navn@eksempel.no"),
        (("5054", "", "eier", "", "", "a@example.no", ""), "Navn", "Må fylles ut."),
        (("5054", "", "rektor", "", "A", "a@example.no", ""), "Enhet", "Skriv hvilken enhet personen leder."),
        (("5054", "", "rektor", "Ukjent skole", "A", "a@example.no", ""), "Enhet", "Kommunen har ingen enhet"),
        (("5054", "", "eier", "Leksvik skole", "A", "a@example.no", ""), "Enhet", "Bare styrer og rektor"),
    ],
)
def test_a_contact_row_with_an_error(cohort, row, column, message):
    found = errors(checked(workbook(contacts=[row])))
    assert [error[:3] for error in found] == [("Kontakter", 2, column)]
    assert message in found[0][3]


@pytest.mark.parametrize(
    "word", ["Styrer", "REKTOR", "styrar", "styrer eller rektor", "Styrar eller rektor", " rektor "]
)
def test_head_by_any_of_its_words(cohort, staff, word):
    loaded(workbook(contacts=[("5054", "", word, "Leksvik skole", "A", "a@example.no", "")]), staff)
    assert Contact.objects.get().function == Contact.Function.HEAD


@pytest.mark.parametrize(
    ("word", "function"),
    [
        ("Skulefagleg ansvarleg", "school_lead"),
        ("PPT", "ppt"),
        ("pp-tenesta", "ppt"),
        ("barnehagemyndigheit", "authority"),
    ],
)
def test_functions_in_both_written_languages(cohort, staff, word, function):
    loaded(workbook(contacts=[("5054", "", word, "", "A", "a@example.no", "")]), staff)
    assert Contact.objects.get().function == function


def test_a_unit_of_another_municipality_is_not_found(cohort):
    municipalities = [INDRE_FOSEN, (9, "4601", "", "", "")]
    contacts = [("4601", "", "rektor", "Leksvik skole", "A", "a@example.no", "")]
    found = errors(checked(workbook(municipalities, contacts=contacts)))
    assert [error[:3] for error in found] == [("Kontakter", 2, "Enhet")]


def test_repeated_rows_name_both(cohort):
    plan = checked(
        workbook([INDRE_FOSEN] * 2, [*UNIT_ROWS, UNIT_ROWS[0], UNIT_ROWS[1]], [CONTACT_ROWS[0], CONTACT_ROWS[0]])
    )
    assert errors(plan) == [
        ("Kommuner", 3, "", "Rad 2 og rad 3 gjelder det samme."),
        ("Enheter", 4, "", "Rad 2 og rad 4 gjelder det samme."),
        ("Enheter", 5, "", "Rad 3 og rad 5 gjelder det samme."),
        ("Kontakter", 3, "", "Rad 2 og rad 3 gjelder det samme."),
    ]


def test_one_number_under_two_municipalities(cohort):
    units = [UNIT_ROWS[0], ("4601", "", "974760673", "En annen", "barnehage", "")]
    plan = checked(workbook([INDRE_FOSEN, (9, "4601", "", "", "")], units, []))
    assert errors(plan) == [("Enheter", 3, "", "Rad 2 og rad 3 gjelder det samme.")]


def test_a_number_the_portal_has_under_another_municipality(cohort, staff):
    loaded(workbook(contacts=[]), staff)
    units = [("4601", "", "974760673", "En annen", "barnehage", "")]
    plan = checked(workbook([(9, "4601", "", "", "")], units, []))
    assert [error[2:] for error in errors(plan)] == [
        ("Organisasjonsnummer", "Enheten er lagt inn under en annen kommune i pulja.")
    ]


def test_a_school_and_its_sfo_with_the_same_name(cohort, staff):
    units = [("5054", "", "", "Leksvik", "skole", ""), ("5054", "", "", "Leksvik", "SFO", "")]
    loaded(workbook(units=units, contacts=[]), staff)
    assert sorted(Unit.objects.values_list("kind", flat=True)) == ["school", "sfo"]
    assert {line.result for line in checked(workbook(units=units, contacts=[])).lines} == {RowResult.SAME}
    found = errors(checked(workbook(units=units, contacts=[("5054", "", "rektor", "leksvik", "A", "a@b.no", "")])))
    assert "Flere enheter" in found[0][3]


def test_a_unit_without_a_number_gets_one(cohort, staff):
    loaded(workbook(contacts=[]), staff)
    unit = Unit.objects.get(name="Leksvik skole")
    plan = loaded(workbook(units=[("5054", "", "974764687", "leksvik skole", "skole", "")], contacts=[]), staff)
    assert plan.lines[1].changes == [
        ("Enhet", "Leksvik skole", "leksvik skole"),
        ("Organisasjonsnummer", "", "974764687"),
    ]
    unit.refresh_from_db()
    assert unit.organisation_number == "974764687"


def test_the_kind_of_a_unit_without_a_number_is_corrected(cohort, staff):
    loaded(workbook(contacts=[]), staff)
    plan = checked(workbook(units=[("5054", "", "", "Leksvik skole", "SFO", "")], contacts=[]))
    assert plan.lines[1].changes == [("Type", "skole", "SFO")]


def test_what_the_file_does_not_name_is_listed_and_left(cohort, staff):
    loaded(workbook([INDRE_FOSEN, (9, "4601", "", "", "")]), staff)
    plan = loaded(workbook(units=UNIT_ROWS[:1], contacts=CONTACT_ROWS[2:]), staff)
    assert [(line.sheet, line.what) for line in plan.lines if line.result == RowResult.ABSENT] == [
        ("Kommuner", "Bergen (Vestland)"),
        ("Enheter", "Leksvik skole, 5054 Indre Fosen"),
        ("Kontakter", "Kari Nordmann, eier, 5054 Indre Fosen"),
        ("Kontakter", "Ola Rektor, styrer eller rektor, 5054 Indre Fosen"),
    ]
    assert (Participation.objects.count(), Unit.objects.count(), Contact.objects.current().count()) == (2, 2, 3)


def test_accepting_is_not_taken_back(cohort, staff):
    loaded(workbook(), staff)
    plan = loaded(workbook([(9, "5054", "", "nei", "")]), staff)
    assert plan.lines[0].result == RowResult.SAME
    assert "Fila endrer det ikke." in plan.lines[0].notes[0]
    assert Participation.objects.get().accepted_at


def test_a_municipality_that_has_withdrawn(cohort, staff):
    loaded(workbook(), staff)
    withdraw(Participation.objects.get(), by=staff, now=timezone.now())
    assert {error[:2] for error in errors(checked(workbook()))} >= {("Kommuner", 2), ("Enheter", 2), ("Kontakter", 2)}


def test_an_ended_contact_is_not_let_in_again(cohort, staff):
    loaded(workbook(), staff)
    Contact.objects.get(user__email="ola@example.no").end(by=staff, now=timezone.now())
    plan = loaded(workbook(), staff)
    line = next(line for line in plan.lines if "Ola Rektor" in line.what)
    assert line.result == RowResult.SAME
    assert "lastes ikke inn igjen" in line.notes[0]
    assert Contact.objects.current().count() == 2


def test_one_who_came_back_is_a_contact(cohort, staff):
    loaded(workbook(), staff)
    old = Contact.objects.get(user__email="ola@example.no")
    old.end(by=staff, now=timezone.now())
    Contact.objects.create(
        participation=old.participation, unit=old.unit, user=old.user, function=old.function, name=old.name,
        phone=old.phone, started_at=timezone.now(), started_by=staff,
    )  # fmt: skip
    assert {line.result for line in checked(workbook()).lines} == {RowResult.SAME}
    assert not any(line.notes for line in checked(workbook()).lines)


def test_a_closed_unit_is_left_as_it_is(cohort, staff):
    loaded(workbook(contacts=[]), staff)
    Unit.objects.filter(name="Leksvik skole").update(closed_on=timezone.localdate())
    plan = checked(workbook())
    line = next(line for line in plan.lines if line.what.startswith("Leksvik skole"))
    assert line.result == RowResult.SAME
    assert "lagt ned" in line.notes[0]
    assert [error[:3] for error in errors(plan)] == [("Kontakter", 3, "Enhet")]


def test_people_are_found_again_and_never_renamed(cohort, staff):
    known = User.objects.create_user("kari@example.no", name="Kari Som Før")
    loaded(workbook(), staff)
    contact = Contact.objects.get(function="owner")
    assert contact.user == known
    known.refresh_from_db()
    assert (known.name, contact.name) == ("Kari Som Før", "Kari Nordmann")


def test_one_person_with_two_functions_is_one_user(cohort, staff):
    contacts = [
        ("5054", "", "eier", "", "Kari", "kari@example.no", ""),
        ("5054", "", "skolefaglig ansvarlig", "", "Kari", "KARI@EXAMPLE.NO", ""),
    ]
    loaded(workbook(contacts=contacts), staff)
    assert User.objects.filter(email="kari@example.no").count() == 1
    assert Contact.objects.count() == 2


def test_someone_barred_is_pointed_out(cohort):
    User.objects.create_user("kari@example.no", is_active=False)
    assert ["Personen er sperret og kan ikke logge inn."] in [line.notes for line in checked(workbook()).lines]


def test_new_people_are_told_once_the_welcome_letter_has_gone(cohort, staff):
    loaded(workbook(contacts=CONTACT_ROWS[:1]), staff)
    assert not Message.objects.exists()
    Participation.objects.get().welcome(by=staff, now=timezone.now())
    file = workbook(contacts=[*CONTACT_ROWS[:1], ("5054", "", "ppt", "", "Per", "per@example.no", "")])
    assert checked(file).lines[-1].notes == ["Får e-post om tilgangen."]
    loaded(file, staff)
    assert Message.objects.get().to == "per@example.no"


def test_new_people_cannot_sign_in_with_a_password(cohort, staff):
    loaded(workbook(), staff)
    user = User.objects.get(email="kari@example.no")
    assert not user.check_password("")


def test_hostile_text_is_only_text(cohort, staff):
    name = "<script>alert(1)</script> & «Ærlig» 💥"
    loaded(workbook(units=[("5054", "", "", name, "skole", "")], contacts=[]), staff)
    assert Unit.objects.get().name == name


@pytest.mark.django_db
@pytest.mark.parametrize("size", [2, 20])
def test_questions_do_not_grow_with_the_file(cohort, staff, size, django_assert_max_num_queries):
    numbers = list(Municipality.objects.values_list("number", flat=True)[:size])
    file = workbook(
        [(9, number, "", "ja", "") for number in numbers],
        [(number, "", "", f"Skole {i}", "skole", "") for number in numbers for i in range(5)],
        [(number, "", "eier", "", "A", f"a{number}@example.no", "") for number in numbers],
    )
    rows = rows_of(file)
    with django_assert_max_num_queries(7):
        plan = check.check(rows, by=staff, now=timezone.now())
    with django_assert_max_num_queries(24):
        load.load(rows, digest=plan.digest, by=staff, now=timezone.now())
    assert Unit.objects.count() == size * 5
