import gzip
import time

import pytest
from django.utils import timezone, translation

from participants import registers
from participants.models import Unit
from participants.tests.register_server import kindergarten, school


@pytest.fixture
def quick(monkeypatch):
    """Time-outs short enough to wait for."""
    monkeypatch.setattr(registers, "TIMEOUT", registers.httpx.Timeout(1))
    monkeypatch.setattr(registers, "MAX_SECONDS", 2)


def names(answer: registers.RegisterAnswer) -> list[str]:
    return [unit.name for unit in answer.units]


def test_units_of_both_registers(register_server):
    nsr, nbr = registers.look_up("5054", count=["974760673"])
    assert names(nsr) == ["Ny skole", "Statsbygd skole"]
    assert names(nbr) == ["Fembøringen barnehage", "Leksvik barnehage SA", "Nedlagt barnehage"]
    assert nbr.units[0] == registers.RegisterUnit(
        "NBR", "974760673", "Fembøringen barnehage", "kindergarten", "public", True, 36
    )
    assert (nbr.units[1].ownership, nbr.units[1].children) == ("private", None)
    assert (nbr.units[2].active, nsr.error, nbr.error) == (False, "", "")


def test_only_the_counts_that_are_wanted_are_asked_for(register_server):
    registers.look_up("5054", count=["974760673"], names=["STATSBYGD skole"])
    assert sorted(path for path in register_server.asked if "/enhet/" in path) == [
        "/nbr/v4/enhet/974760673",
        "/nsr/v4/enhet/974764687",
    ]
    assert register_server.agents == {"Laeringsmiljoportalen (http://localhost:8000)"}


def test_all_pages_are_read(register_server):
    register_server.per_page = 2
    register_server.units["nbr", "5054"].append(kindergarten("971040238", "Aller siste barnehage"))
    nbr = registers.look_up("5054")[1]
    assert len(nbr.units) == 4
    assert [path[-34:] for path in register_server.asked if path.startswith("/nbr")] == [
        f"54?sidenummer={page}&antallperside=1000" for page in (1, 2, 3)
    ]


def test_a_municipality_without_units(register_server):
    nsr, nbr = registers.look_up("4601")
    assert (nsr.units, nsr.error, nbr.units, nbr.error) == ([], "", [], "")


def test_a_municipality_the_register_does_not_know(register_server):
    register_server.misbehave["nsr"] = lambda handler: handler.answer({}, status=404)
    assert registers.look_up("5054")[0] == registers.RegisterAnswer("NSR")


def forever(handler):
    """An answer that never gets to its end, a little at a time."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.stopping.is_set():
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def huge(handler):
    handler.send_response(200)
    handler.end_headers()
    for _piece in range(200):
        handler.wfile.write(b" " * 100_000)


SMALL_TO_SEND = gzip.compress(b" " * 20_000_000)


def zipped(handler):
    handler.answer_bytes(SMALL_TO_SEND, Content_Encoding="gzip")


def elsewhere(handler):
    handler.answer_bytes(b"", 302, Location=handler.server.url("nbr") + "/enheter/kommune/5054?sidenummer=1")


SILENT = "NSR svarer ikke. Prøv igjen senere."
FAILED = "NSR svarte med feil. Prøv igjen senere."
NONSENSE = "Vi forsto ikke svaret fra NSR. Prøv igjen senere."


@pytest.mark.parametrize(
    ("misbehave", "message"),
    [
        pytest.param(lambda handler: handler.server.stopping.wait(5), SILENT, marks=pytest.mark.slow),
        pytest.param(forever, SILENT, marks=pytest.mark.slow),
        (lambda handler: handler.answer_bytes(b'{"AntallSider": 1', length=500), SILENT),
        (lambda handler: handler.wfile.write(b"not http at all\r\n\r\n"), SILENT),
        (lambda handler: handler.answer({}, status=500), FAILED),
        (lambda handler: handler.answer({}, status=403), FAILED),
        (elsewhere, FAILED),
        (lambda handler: handler.answer_bytes(b"<html>Vedlikehold</html>"), NONSENSE),
        (lambda handler: handler.answer_bytes(b'{"AntallSider": 1, "EnhetListe": ['), NONSENSE),
        (lambda handler: handler.answer_bytes(b"\xff\xfe\x00"), NONSENSE),
        (lambda handler: handler.answer_bytes(b"[" * 100_000), NONSENSE),
        (lambda handler: handler.answer([]), NONSENSE),
        (lambda handler: handler.answer({"AntallSider": 1}), NONSENSE),
        (lambda handler: handler.answer({"AntallSider": 1, "EnhetListe": ["Statsbygd skole"]}), NONSENSE),
        (lambda handler: handler.answer({"AntallSider": 10**9, "EnhetListe": []}), NONSENSE),
        (lambda handler: handler.answer({"AntallSider": "2", "EnhetListe": []}), NONSENSE),
        (huge, NONSENSE),
        (zipped, NONSENSE),
    ],
)
def test_a_register_that_fails_says_so_and_the_other_is_shown(register_server, quick, misbehave, message):
    register_server.misbehave["nsr"] = misbehave
    started = time.monotonic()
    nsr, nbr = registers.look_up("5054")
    assert time.monotonic() - started < 8
    assert (nsr.units, nsr.error) == ([], message)
    assert len(nbr.units) == 3
    assert not nbr.error


def test_nobody_listens(settings, quick):
    settings.NSR_URL = settings.NBR_URL = "http://127.0.0.1:9"
    assert [answer.problem for answer in registers.look_up("5054")] == [registers.RegisterProblem.SILENT] * 2


def test_an_address_that_is_none(settings, quick):
    settings.NSR_URL, settings.NBR_URL = "ftp://example.no", "http://[nonsense"
    assert [answer.problem for answer in registers.look_up("5054")] == [registers.RegisterProblem.SILENT] * 2


def test_the_list_is_kept_when_a_count_fails(register_server):
    def no_details(handler):
        if "/enhet/" in handler.path:
            handler.answer({}, status=500)
        else:
            handler.list_units("nsr", "5054", 1)

    register_server.misbehave["nsr"] = no_details
    nsr = registers.look_up("5054", count=["974764687"])[0]
    assert (names(nsr), nsr.error) == (["Ny skole", "Statsbygd skole"], FAILED)


def test_the_message_is_in_the_language_of_whoever_reads_it(register_server):
    register_server.misbehave["nsr"] = lambda handler: handler.answer({}, status=500)
    answer = registers.look_up("5054")[0]
    with translation.override("nn"):
        assert answer.error.startswith("NSR svar")


@pytest.mark.parametrize("count", [None, "36", -1, 5001, 3.5, True, [36]])
def test_a_count_that_is_none(register_server, count):
    register_server.units["nsr", "5054"] = [school("974764687", "Statsbygd skole", count)]
    [unit] = registers.look_up("5054", count=["974764687"])[0].units
    assert unit.children is None


def test_entries_without_a_real_number_or_name_are_left_out(register_server):
    register_server.units["nsr", "5054"] = [
        school("U99900001", "Testskole", 1),
        school("123456784", "Feil siffer", 1),
        school("974764687", None, 1),
        school("958935420", "  Lang \n" + "x" * 300, 1),
    ]
    [unit] = registers.look_up("5054")[0].units
    assert unit.name == "Lang " + "x" * 195


def test_matching_by_number_then_by_name_and_kind(participation):
    def ours(name, kind="school", number=""):
        return Unit(participation=participation, name=name, kind=kind, organisation_number=number)

    def theirs(number, name, kind="school"):
        return registers.RegisterUnit("NSR", number, name, kind, "public", True, None)

    by_number, by_name = ours("Ny skole", number="974764687"), ours("leksvik SKOLE")
    other_kind, other_number = ours("Leksvik skole", "sfo"), ours("Vangen skole", number="975315053")
    entries = [theirs("974764687", "Statsbygd skole"), theirs("958935420", "Leksvik skole")]
    entries.append(theirs("974760673", "Vangen skole"))
    found = registers.match([by_number, by_name, other_kind, other_number], entries)
    assert [(pair.ours.name, pair.theirs and pair.theirs.name, pair.name_differs) for pair in found.known] == [
        ("Ny skole", "Statsbygd skole", True),
        ("leksvik SKOLE", "Leksvik skole", False),
        ("Leksvik skole", None, False),
        ("Vangen skole", None, False),
    ]
    assert [entry.name for entry in found.unknown] == ["Vangen skole"]


def test_an_sfo_with_its_schools_number_is_not_the_school(participation):
    sfo = Unit(participation=participation, name="Statsbygd SFO", kind="sfo", organisation_number="974764687")
    entry = registers.RegisterUnit("NSR", "974764687", "Statsbygd skole", "school", "public", True, 81)
    [pair] = registers.match([sfo], [entry]).known
    assert pair.theirs is None


def test_counts_are_kept_beside_what_the_municipality_says(register_server, participation, units):
    Unit.objects.filter(pk=units[0].pk).update(children=40)
    today = timezone.localdate()
    assert registers.compare(participation).suggest(on=today) == 3
    rows = Unit.objects.order_by("pk").values_list("children", "register_children", "register_on")
    assert list(rows) == [(40, 36, today), (None, 48, today), (None, 81, today), (None, None, None)]
