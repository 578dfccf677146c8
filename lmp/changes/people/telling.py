"""What a page says of a change of who a person is: what moves along, what ends, and what has become of it."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from lmp.changes.address import AddressFollowed
from lmp.changes.merging import MergedPeople, has_rights
from outbox.effects import Section
from parts.dates import day_in_words
from parts.names import same_person


def of(outcome: AddressFollowed | MergedPeople | None) -> Sequence[Section]:
    match outcome:
        case AddressFollowed():
            return _of_address(outcome)
        case MergedPeople():
            return _of_merge(outcome)
    return []


def _of_address(followed: AddressFollowed) -> Sequence[Section]:
    changed = followed.changed
    lines = [
        _("%(name)s logger inn med %(after)s i stedet for %(before)s, og e-postene går dit.")
        % {"name": changed.user, "after": changed.after, "before": changed.before},
        _("%(name)s logges ut overalt, og begge adressene får beskjed.") % {"name": changed.user},
    ]
    if followed.waiting:
        text = _("E-poster som venter, og som går til den nye adressen: %(count)s")
        lines.append(text % {"count": followed.waiting})
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
        (_("Går fra kalenderen til den gamle adressen til kalenderen til den nye"), entries),
    ]


def _of_merge(merged: MergedPeople) -> Sequence[Section]:
    kept, gone = merged.kept, merged.gone
    lines = [
        _("%(name)s logger inn med %(kept)s. Ingen kan logge inn med %(gone)s, og begge adressene får beskjed.")
        % {"name": kept, "kept": kept.email, "gone": gone.email},
        _("Det %(gone)s har gjort, står som før i historikken.") % {"gone": gone.email},
        _("Dette kan ikke gjøres om: etterpå kan ingen se hva som kom fra hvem."),
    ]
    if has_rights(gone):
        lines.append(_("Rettighetene %(gone)s har i administrasjonen, faller bort.") % {"gone": gone.email})
    if merged.mails:
        lines.append(_("E-poster som blir med: %(count)s") % {"count": merged.mails})
    both = [f"{person.name or person.email}, {person.email}" for person in (kept, gone)]
    if kept.name and gone.name and not same_person(kept.name, gone.name):
        both.append(_("Navnene er ulike. Gå tilbake hvis det er to personer."))
    return [
        (_("Disse to blir én"), both),
        (_("Det som skjer"), lines),
        (_("Flyttes til %(kept)s") % {"kept": kept.email}, merged.moved),
        (_("Avsluttes, fordi %(kept)s har det samme") % {"kept": kept.email}, merged.ended),
    ]


def done(outcome: AddressFollowed | MergedPeople | None) -> str:
    match outcome:
        case AddressFollowed():
            values = {"name": outcome.changed.user, "after": outcome.changed.after}
            return _("E-postadressen til %(name)s er nå %(after)s. Begge adressene får beskjed.") % values
        case MergedPeople():
            values = {"kept": outcome.kept.email, "gone": outcome.gone.email}
            return _("%(gone)s er slått sammen med %(kept)s. Begge adressene får beskjed.") % values
    return _("Ingenting er endret.")


def corrected(name: str) -> str:
    return _("Opplysningene om %(name)s er rettet.") % {"name": name}


def write_to_us() -> str:
    return _("Er det samme person, skriver du til %(us)s, så slår vi innloggingene sammen.") % {
        "us": settings.SUPPORT_EMAIL
    }
