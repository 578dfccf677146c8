from guidance.models.cohort_settings import GuidanceSettings
from guidance.models.composition import Composition, ProposedSeat, PublishedChange
from guidance.models.composition_step import CompositionStep
from guidance.models.correction import Correction
from guidance.models.group import Departure, GroupMember, GuidanceGroup, Handover
from guidance.models.log_draft import LogDraft
from guidance.models.log_move import LogMove
from guidance.models.measure import Measure
from guidance.models.measure_move import MeasureMove
from guidance.models.session import GuidanceSession
from guidance.models.session_change import SessionChange
from guidance.models.supervisor import Capacity, ProjectLeader, Supervisor

__all__ = [
    "Capacity",
    "Composition",
    "CompositionStep",
    "Correction",
    "Departure",
    "GroupMember",
    "GuidanceGroup",
    "GuidanceSession",
    "GuidanceSettings",
    "Handover",
    "LogDraft",
    "LogMove",
    "Measure",
    "MeasureMove",
    "ProjectLeader",
    "ProposedSeat",
    "PublishedChange",
    "SessionChange",
    "Supervisor",
]
