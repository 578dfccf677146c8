"""Who could sit in the guidance group of a municipality, and who fits it best."""

from collections.abc import Iterable
from dataclasses import dataclass

from guidance.groups.rules import MunicipalityProfile, SupervisorProfile
from guidance.models import Supervisor


@dataclass(frozen=True)
class Candidate:
    supervisor: Supervisor
    profile: SupervisorProfile
    municipality: MunicipalityProfile
    load: int  # how many municipalities of the cohort the person has
    in_cohort: bool
    in_group: bool
    away: str = ""  # their leave in words

    @property
    def is_barred(self) -> bool:
        return self.profile.is_barred(self.municipality)

    @property
    def has_room(self) -> bool:
        return self.load < self.profile.most


def best_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Those who fit best by the rules of composition; equals by name."""
    return sorted(
        candidates, key=lambda one: (one.profile.fitness(one.municipality, load=one.load), one.supervisor.name)
    )
