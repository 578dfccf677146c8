from guidance.models.cohort_settings import GuidanceSettings
from guidance.models.composition import Composition, ProposedSeat, PublishedChange
from guidance.models.composition_step import CompositionStep
from guidance.models.correction import Correction
from guidance.models.follow_up import FollowUp
from guidance.models.group import Departure, GroupMember, GuidanceGroup, Handover
from guidance.models.log_draft import LogDraft
from guidance.models.log_move import LogMove
from guidance.models.measure import Measure
from guidance.models.measure_move import MeasureMove
from guidance.models.pulse import PulseAnswer, PulseAnswered
from guidance.models.session import GuidanceSession
from guidance.models.session_change import SessionChange
from guidance.models.supervisor import Capacity, Leave, ProfileChange, ProjectLeader, Supervisor

__all__ = [
    "Capacity",
    "Composition",
    "CompositionStep",
    "Correction",
    "Departure",
    "FollowUp",
    "GroupMember",
    "GuidanceGroup",
    "GuidanceSession",
    "GuidanceSettings",
    "Handover",
    "Leave",
    "LogDraft",
    "LogMove",
    "Measure",
    "MeasureMove",
    "ProfileChange",
    "ProjectLeader",
    "ProposedSeat",
    "PublishedChange",
    "PulseAnswer",
    "PulseAnswered",
    "SessionChange",
    "Supervisor",
]
