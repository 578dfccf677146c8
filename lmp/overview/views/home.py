"""My page: what is left to do, then what the person came to know: when, who, what was agreed, and what is done."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from gatherings.registration import cards
from lmp.changes.models import Succession
from lmp.overview import access, guidance, todos
from lmp.overview.done import done
from lmp.overview.todos import Waiting
from lmp.seeing.models import Viewing
from lmp.sharing import access as sharing_access
from lmp.sharing import audience
from lmp.sharing.models import ReaderKind
from participants.functions import Functions, functions
from participants.models import Unit

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from participants.states import WithState

SHOWN = 50


@require_safe
def home(request: PersonRequest) -> HttpResponse:
    if request.user.is_staff:
        return redirect("admin:index")
    now = timezone.now()
    mine = functions(request.user)
    waiting = todos.found(request.user, now, mine=mine)
    roles = {"supervises": waiting.supervises, "leads_guidance": waiting.leads_guidance}
    seen = access.with_state(access.participations_through(request.user, mine, **roles))
    context: dict[str, Any] = {"todos": waiting.todos, "today": timezone.localdate(now), **roles}
    return render(request, "overview/home.html", context | _of_person(request, mine, waiting, seen, now=now))


def _of_person(
    request: PersonRequest, mine: Functions, waiting: Waiting, seen: "QuerySet[WithState]", *, now: datetime
) -> dict[str, Any]:
    today, user = timezone.localdate(now), request.user
    participations, units = list(seen[: SHOWN + 1]), waiting.led[:SHOWN]
    followed = [each for each in participations if waiting.leads_guidance or _is_followed(each, mine)]
    sessions = guidance.sessions(user, waiting.participations, supervises=waiting.supervises, today=today)
    coming = guidance.coming(sessions)
    # Who answers for a municipality has its contacts, and who takes over from whom, on a page of their own.
    reads = frozenset() if mine.answers_for else waiting.participations
    contacts, letters = guidance.contacts(user, reads), _letters(mine, followed, units)
    gatherings = cards.cards(waiting.coming, waiting.own, today=today)
    dated = [card for card in gatherings if card.gathering.starts_on or card.registration]
    return {
        "cards": dated,
        "undated": [card.gathering for card in gatherings if card not in dated],
        "several_cohorts": len({card.gathering.cohort_id for card in gatherings}) > 1,
        "past": [row for row in waiting.own if row.pk not in {_key(card) for card in gatherings}],
        "nobody_comes": waiting.nobody_comes,
        "sessions": coming[: guidance.SHOWN],
        "agreed": guidance.agreed_last(sessions),
        "more_sessions": len(coming) > guidance.SHOWN,
        "supervisors": guidance.supervisors(waiting.participations, today=today),
        "guided": bool(waiting.participations),
        "contacts": [contact for contact in contacts if contact.participation_id in reads and not contact.unit_id],
        "own": [contact for contact in contacts if contact.user_id == user.pk],
        "measures": waiting.measures[: guidance.SHOWN],
        "planned": list(guidance.of_supervised(user, today=today)[: guidance.SHOWN]) if waiting.supervises else [],
        "letters": letters,
        "several": len({each.cohort_id for each in [*letters, *(unit.participation for unit in units)]}) > 1,
        "participations": followed,
        "supervised": [each for each in participations if each not in followed],
        "units": units,
        "functions": bool(mine.participations or mine.leads),
        "governs": bool(mine.governs),
        "successions": [] if mine.answers_for else list(Succession.objects.coming().involving(user).in_words()),
        "viewings": list(Viewing.objects.news_to(user, now=now)),
        "news": sharing_access.unread(user, today=today, besides=_is_not(mine, waiting)),
        "done": done(mine, participations=followed, units=waiting.units, own=waiting.own),
    }


def _is_followed(participation: "WithState", mine: Functions) -> bool:
    """Whether the person follows how far it has come, and not only guides it."""
    return participation.pk in mine.participations or participation.municipality.county.governor_id in mine.governs


def _is_not(mine: Functions, waiting: Waiting) -> list[str]:
    """What the page knows already that the person is not, of what opens something to a reader."""
    has = {
        audience.CONTACT: bool(mine.participations or mine.leads),
        ReaderKind.PARTICIPANT: bool(waiting.own),
        ReaderKind.SUPERVISOR: waiting.supervises,
        ReaderKind.LEADER: waiting.leads_guidance,
        ReaderKind.GOVERNOR: bool(mine.governs),
    }
    return [str(source) for source, is_one in has.items() if not is_one]


def _key(card: cards.GatheringCard) -> int | None:
    return card.registration.pk if card.registration else None


def _letters(mine: Functions, participations: "list[WithState]", units: list[Unit]) -> list[Any]:
    """The municipalities of the person's own that have had their welcome letter."""
    own = [each for each in participations if each.pk in mine.participations] + [unit.participation for unit in units]
    return list({each.pk: each for each in own if each.welcomed_at}.values())
