"""A project leader or one of the staff hands over to another person: now, or from a day to come."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import todos
from accounts.models import User
from accounts.todos import Holding
from gatherings import following as at_gatherings
from gatherings.models import LateRequest
from guidance import following as in_guidance
from guidance.models import Composition, ProjectLeader
from guidance.staffing import changing
from lmp.changes.models import Succession
from lmp.changes.succession import mails
from lmp.changes.succession.succeeding import Succeeded
from outbox.posting import post
from participants import following as in_participants
from participants.mails import texts

GROUP = "accounts.group"


def holdings(person: ProjectLeader | User) -> list[Holding]:
    """What does not follow by itself: the groups that staff are in beyond the one of all staff."""
    if isinstance(person, ProjectLeader):
        return []
    groups = person.groups.exclude(name=settings.STAFF_GROUP).order_by("name")
    return [Holding(f"{GROUP}:{group.pk}", _("Med i gruppa «%(name)s»") % {"name": group.name}) for group in groups]


def shared(person: ProjectLeader | User) -> list[str]:
    """What belongs to the function and to all who have it, in words: nobody hands it over."""
    if isinstance(person, ProjectLeader):
        waiting = Composition.objects.open().select_related("cohort")
        return [_("Veiledergruppene i %(cohort)s er ikke publisert") % {"cohort": each.cohort} for each in waiting]
    asked = LateRequest.objects.open().count()
    said = ngettext(
        "%(count)s spørsmål om samlinger venter på svar fra de ansatte",
        "%(count)s spørsmål om samlinger venter på svar fra de ansatte",
        asked,
    )
    return [said % {"count": asked}] if asked else []


@transaction.atomic
def agree(
    person: ProjectLeader | User,
    *,
    name: str,
    email: str,
    starts_on: date,
    chosen: Collection[str] = (),
    by: User,
    now: datetime,
) -> Succeeded:
    """Let another person take over from a day on. When that is today, it happens at once.

    Raises ValidationError when the person has the function already, or it is agreed already that somebody takes over.
    """
    what = "leader" if isinstance(person, ProjectLeader) else "staff"
    type(person)._default_manager.select_for_update().get(pk=person.pk)
    if isinstance(person, User) and person.resignations.coming().exists():
        raise ValidationError(_("Det er allerede avtalt at %(name)s slutter.") % {"name": person}, code="agreed")
    if other := person.successions.coming().first():
        raise ValidationError(
            _("Det er allerede avtalt at %(name)s overtar. Avlys det først.") % {"name": other.name}, code="agreed"
        )
    successor = User.objects.for_email(email, name=name, by=by)
    has_it = ProjectLeader.objects.current(today=timezone.localdate(now)).filter(user=successor).exists()
    if successor.is_staff if what == "staff" else has_it:
        raise ValidationError(_("Personen med denne adressen har allerede denne funksjonen."), code="same")
    succession = Succession.objects.create(
        **{what: person},
        successor=successor,
        name=name,
        starts_on=starts_on,
        kept=sorted({each.key for each in holdings(person)} - set(chosen)),
        agreed_at=now,
        agreed_by=by,
    )
    if starts_on <= timezone.localdate(now):
        return carry_out(succession, now=now)
    mails.agreed(succession, now=now)
    return Succeeded(succession, handed_over=[each.text for each in holdings(person) if each.key in chosen])


@transaction.atomic
def carry_out(succession: Succession, *, now: datetime) -> Succeeded:
    """End the one's function and begin the other's. The second time nothing happens."""
    succession = Succession.objects.select_for_update(of=("self",)).in_words().get(pk=succession.pk)
    if not succession.is_coming:
        return Succeeded(succession)
    taken: Sequence[str] = []
    if succession.leader:
        _lead(succession.leader, succession, now=now)
    elif succession.staff:
        held = [each for each in holdings(succession.staff) if each.key not in succession.kept]
        taken = [each.text for each in held]
        _employ(succession.staff, succession, keys={each.key.rpartition(":")[2] for each in held})
    succession.is_done(now=now)
    _tell(succession, now=now)
    mails.taken_over(succession, handed_over=taken, now=now)
    return Succeeded(
        succession,
        handed_over=taken,
        keeps=_kept(succession.holder, now=now),
        waiting=todos.in_lines(todos.of(succession.new_person, now), today=timezone.localdate(now)),
    )


def _lead(leader: ProjectLeader, succession: Succession, *, now: datetime) -> None:
    """The day a leader ends is the first without access. One who has been a leader before becomes one anew."""
    today, by = timezone.localdate(now), succession.agreed_by
    new = ProjectLeader.objects.filter(user=succession.new_person).first() or ProjectLeader(user=succession.new_person)
    new.name, new.started_on, new.ended_on = succession.name, today, None
    changing.begin_to_lead(new, by=by, now=now)
    leader.ended_on = today
    leader._history_user = by
    leader.save(update_fields=["ended_on"])


def _employ(person: User, succession: Succession, *, keys: set[str]) -> None:
    """The new one may do what the old one may. The old one is signed out: their session was one of the staff's."""
    groups = person.groups.exclude(name=settings.STAFF_GROUP)
    succession.new_person.make_staff(superuser=person.is_superuser)
    succession.new_person.groups.add(*groups.filter(pk__in=keys))
    person.stop_as_staff()


def _kept(person: User, *, now: datetime) -> list[str]:
    return [
        *in_participants.kept(person),
        *in_guidance.kept(person),
        *at_gatherings.kept(person, now=now),
    ]


def _tell(succession: Succession, *, now: datetime) -> None:
    """The one whose function has ended."""
    person, by = succession.holder, succession.agreed_by
    language = succession.language_for(person)
    with translation.override(language):
        values = texts.access_ended(
            name=succession.hands_over,
            function=succession.function,
            successor=succession.name,
            by="" if by == person else str(by),
            keeps=_kept(person, now=now),
        )
    post(
        texts.ACCESS_ENDED,
        key=f"changes.access_ended:{succession.pk}",
        to=person,
        language=language,
        values=values,
        why=_("%(new)s overtar etter %(old)s") % {"new": succession.name, "old": succession.hands_over},
        now=now,
        about=succession,
    )
