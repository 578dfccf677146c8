from participants.models.cohort import Cohort
from participants.models.cohort_upload import CohortUpload
from participants.models.confirmation import Confirmation, Draft
from participants.models.contact import Contact
from participants.models.correction_request import CorrectionRequest
from participants.models.deadline import DeadlineChange
from participants.models.geography import County, CountyGovernor, GovernorContact, Municipality
from participants.models.participation import Participation
from participants.models.project_group import ProjectGroup, ProjectGroupMember
from participants.models.strike import Strike
from participants.models.unit import Unit, in_operation
from participants.models.unit_closure import UnitClosure
from participants.models.unit_figures import UnitFigures
from participants.models.withdrawal import Withdrawal

__all__ = [
    "Cohort",
    "CohortUpload",
    "Confirmation",
    "Contact",
    "CorrectionRequest",
    "County",
    "CountyGovernor",
    "DeadlineChange",
    "Draft",
    "GovernorContact",
    "Municipality",
    "Participation",
    "ProjectGroup",
    "ProjectGroupMember",
    "Strike",
    "Unit",
    "UnitClosure",
    "UnitFigures",
    "Withdrawal",
    "in_operation",
]
