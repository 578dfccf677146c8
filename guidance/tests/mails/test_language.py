"""In which language the guidance writes: to a municipality in its own, to a supervisor in one wherever they guide."""

from datetime import date

from conftest import make_supervisor, make_user
from guidance.models import GroupMember
from guidance.tests.mails.conftest import ASKED, at, newest
from guidance.tests.mails.test_groups import people, published
from guidance.tests.mails.test_session import planned

__all__ = ["people", "planned", "published"]


def test_the_language_is_the_persons_own_else_the_municipalitys(planned, contact, cohort, send):
    contact.language = "nn"
    contact.save()
    send(ASKED)
    assert (newest("kari").language, newest("vera").language) == ("nn", "nb")
    assert "Einingar: Fembøringen barnehage" in newest("kari").body


def test_a_supervisor_reads_one_language_wherever_they_guide(planned, participation, supervisor, send):
    """Annoying 16: Vigdis had nynorsk when her first municipality had it. What a municipality reads is its own."""
    participation.municipality.language = "nn"
    participation.municipality.save()
    send(ASKED)
    assert [newest(who).language for who in ("vera", "kari", "hanne")] == ["nb", "nn", "nn"]
    GroupMember.objects.filter(supervisor=supervisor.supervisor).update(ended_on=date(2026, 10, 1))
    make_supervisor(participation, make_user("leder@example.no", "Leder"), leads=True)
    assert ("released", "vera.veileder") in send(at(10, 2))
    assert [newest(who).language for who in ("vera", "leder")] == ["nb", "nb"]


def test_a_supervisor_reads_one_language_whichever_municipality_is_the_first(
    published, participation, other_participation, people, contact, send
):
    """Annoying 16."""
    for each in (participation, other_participation):
        each.municipality.language = "nn"
        each.municipality.save()
    people[2].user.choose_language("nn")
    send(ASKED)
    languages = [newest(who).language for who in ("veileder0", "veileder1", "veileder2", "kari")]
    assert languages == ["nb", "nb", "nn", "nn"]
