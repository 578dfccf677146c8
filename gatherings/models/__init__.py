from gatherings.models.also_for import AlsoFor
from gatherings.models.attendance import Attendance
from gatherings.models.document import Document
from gatherings.models.evaluation import Answer, Answered
from gatherings.models.exported_list import ExportedList
from gatherings.models.feed import Feed
from gatherings.models.gathering import EarlierDeadline, Gathering
from gatherings.models.late_request import LateRequest
from gatherings.models.needs import Needs, NeedsErased
from gatherings.models.nobody_comes import NobodyComes
from gatherings.models.registration import Registration
from gatherings.models.swap import Swap

__all__ = [
    "AlsoFor",
    "Answer",
    "Answered",
    "Attendance",
    "Document",
    "EarlierDeadline",
    "ExportedList",
    "Feed",
    "Gathering",
    "LateRequest",
    "Needs",
    "NeedsErased",
    "NobodyComes",
    "Registration",
    "Swap",
]
