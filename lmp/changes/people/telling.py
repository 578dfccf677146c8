"""What a page says of a change of who a person is: what moves along, and what to do when that is not possible."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from lmp.changes.address import AddressFollowed
from lmp.changes.asking import Section
from parts.dates import day_in_words


def address(followed: AddressFollowed | None) -> Sequence[Section]:
    """What comes along to the new address."""
    if followed is None:
        return []
    changed = followed.changed
    lines = [
        _("%(name)s logger inn med %(after)s i stedet for %(before)s, og e-postene går dit.")
        % {"name": changed.user, "after": changed.after, "before": changed.before},
        _("%(name)s logges ut på alle enheter, og begge adressene får beskjed.") % {"name": changed.user},
    ]
    if followed.waiting:
        lines.append(_("E-poster som venter på å bli sendt, og som går til den nye adressen: %(count)s") % {"count": followed.waiting})
    entries = [
        *(f"{each.gathering.title}, {day_in_words(each.gathering.starts_on)}" for each in followed.registrations),
        *(
            _("Veiledningsmøte i %(name)s, %(day)s")
            % {"name": each.group.participation.municipality, "day": day_in_words(each.held_on)}
            for each in followed.sessions
        ),
    ]
    return [
        (_("Det som skjer"), lines),
        (_("Flyttes fra kalenderen til den gamle adressen til kalenderen til den nye"), entries),
    ]


def write_to_us() -> str:
    return _("Er det samme person, skriver du til %(us)s, så slår vi innloggingene sammen.") % {
        "us": settings.SUPPORT_EMAIL
    }
