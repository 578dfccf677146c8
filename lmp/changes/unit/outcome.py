"""What the closing or merging of a unit comes to, as it is told before it is saved and in the mails."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gatherings.models import Registration
from guidance.models import GuidanceSession, Measure
from participants.models import Contact, ProjectGroupMember, Unit, UnitClosure
from parts.dates import day_in_words

Keeps = UnitClosure.Keeps
Section = tuple[str, Sequence[str]]


@dataclass(frozen=True)
class UnitOutcome:
    """The rows that follow. With `into` they move there, and without they end; `reopened` they come back."""

    unit: Unit
    into: Unit | None = None
    reopened: bool = False
    heads: Sequence[Contact] = ()
    new_heads: Sequence[Contact] = ()
    joined: Sequence[ProjectGroupMember] = ()
    left: Sequence[ProjectGroupMember] = ()
    measures: Sequence[Measure] = ()
    measures_move: bool = False
    registrations: Sequence[Registration] = ()
    sessions: Sequence[GuidanceSession] = ()
    called_off: Sequence[GuidanceSession] = ()
    leaders: Sequence[Contact] = ()  # of the unit that two have become
    group: str = ""  # whose project group it has
    lost: bool = False  # what was cancelled when it closed does not come back

    def sections(self) -> list[Section]:
        """For the page: a heading, and a line for each row."""
        return [
            (self.unit.name, [self.unit.closing_in_words() or _("%(unit)s er i drift") % {"unit": self.unit}]),
            (_("Styrer eller rektor"), self._of_heads()),
            (_("Prosjektgruppa"), [*self._of_group(), *self._of_members()]),
            (_("Tiltak"), self._of_measures()),
            (_("Påmeldte"), self._of_registrations()),
            (_("Veiledningsmøter"), self._of_sessions()),
            (_("Vær oppmerksom på"), self._of_what_is_left_to_do()),
        ]

    def lines(self) -> list[str]:
        """For a mail: the same without headings, and numbers where there may be many."""
        found = [*self._of_heads(), *self._of_group()]
        if self.joined:
            found.append(
                ngettext(
                    "%(count)s medlem av prosjektgruppa kommer med i gruppa ved %(unit)s",
                    "%(count)s medlemmer av prosjektgruppa kommer med i gruppa ved %(unit)s",
                    len(self.joined),
                )
                % {"count": len(self.joined), "unit": self.into}
            )
        return [
            *found,
            *self._of_measures(),
            *self._counted_registrations(),
            *self._of_sessions(),
            *self._of_what_is_left_to_do(),
        ]

    def _of_what_is_left_to_do(self) -> list[str]:
        if self.into:
            return [_("Kommunen blir bedt om å telle barna ved %(unit)s på nytt") % {"unit": self.into}]
        if self.lost:
            return [_("Påmeldinger og veiledningsmøter som ble tatt bort, kommer ikke tilbake av seg selv")]
        return []

    def _of_heads(self) -> list[str]:
        if self.reopened:
            said = _("%(name)s er igjen %(title)s ved %(unit)s")
            return [said % {"name": head.name, "title": head.title, "unit": head.unit} for head in self.heads]
        begun = _("%(name)s leder også det som var ved %(unit)s, som %(title)s ved %(into)s")
        ended = _("%(name)s er ikke lenger %(title)s ved %(unit)s, og mister tilgangen som følger med")
        return [
            *(
                begun % {"name": head.name, "unit": self.unit, "title": head.title, "into": self.into}
                for head in self.new_heads
            ),
            *self._of_leaders(),
            *(ended % {"name": head.name, "title": head.title, "unit": head.unit} for head in self.heads),
        ]

    def _of_leaders(self) -> list[str]:
        """Who leads the two that become one: said in any case, for somebody has to."""
        if self.into is None:
            return []
        if not self.leaders:
            return [_("Det er ikke bestemt hvem som leder %(unit)s") % {"unit": self.into}]
        begun = {head.user_id for head in self.new_heads}
        said = _("%(name)s leder %(unit)s, som før")
        return [said % {"name": head.name, "unit": self.into} for head in self.leaders if head.user_id not in begun]

    def _of_group(self) -> list[str]:
        if self.into is None:
            return []
        said = {
            Keeps.OWN.value: _("Prosjektgruppa ved %(unit)s blir gruppa ved %(into)s"),
            Keeps.OTHER.value: _("Prosjektgruppa ved %(into)s er den samme som før"),
            Keeps.BOTH.value: _("Prosjektgruppene ved %(unit)s og %(into)s blir én gruppe"),
        }.get(self.group, _("Det er ikke bestemt hvem som er i prosjektgruppa ved %(into)s"))
        return [said % {"unit": self.unit, "into": self.into}]

    def _of_members(self) -> list[str]:
        joined, left = _("%(name)s kommer med i gruppa ved %(unit)s"), _("%(name)s går ut av gruppa ved %(unit)s")
        return [
            *(joined % {"name": member.name, "unit": self.into} for member in self.joined),
            *(left % {"name": member.name, "unit": self.into} for member in self.left),
        ]

    def _of_measures(self) -> list[str]:
        if self.reopened:
            said = _("Tiltaket går videre: %(what)s")
        elif self.measures_move:
            said = _("Tiltaket flyttes til %(unit)s: %(what)s")
        else:
            said = _("Tiltaket stoppes: %(what)s")
        if self.into and not self.measures:
            return [_("%(unit)s har ingen tiltak i gang") % {"unit": self.unit}]
        return [said % {"unit": self.into, "what": measure.what} for measure in self.measures]

    def _of_registrations(self) -> list[str]:
        if self.into:
            said = _("%(name)s kommer for %(unit)s på %(gathering)s, med samme plass")
        else:
            said = _("%(name)s meldes av %(gathering)s")
        return [
            said % {"name": row.name, "unit": self.into, "gathering": row.gathering.in_a_sentence}
            for row in self.registrations
        ]

    def _counted_registrations(self) -> list[str]:
        count = len(self.registrations)
        if not count:
            return []
        if self.into:
            said = ngettext(
                "%(count)s påmeldt kommer for %(unit)s, med samme plass",
                "%(count)s påmeldte kommer for %(unit)s, med samme plass",
                count,
            )
        else:
            said = ngettext("%(count)s påmeldt meldes av", "%(count)s påmeldte meldes av", count)
        return [said % {"count": count, "unit": self.into}]

    def _of_sessions(self) -> list[str]:
        if self.into:
            said = _("Veiledningsmøtet %(day)s blir med %(into)s i stedet for %(unit)s")
        else:
            said = _("Veiledningsmøtet %(day)s blir uten %(unit)s")
        off = _("Veiledningsmøtet %(day)s avlyses, for det var bare for %(unit)s")
        names = {"unit": self.unit, "into": self.into}
        return [
            *(said % {"day": day_in_words(session.held_on), **names} for session in self.sessions),
            *(off % {"day": day_in_words(session.held_on), **names} for session in self.called_off),
        ]
