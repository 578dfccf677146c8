from gatherings.models.attendance import Attendance
from gatherings.models.document import Document
from gatherings.models.evaluation import Answer, Answered
from gatherings.models.exported_list import ListTaken
from gatherings.models.feed import Feed
from gatherings.models.gathering import Gathering
from gatherings.models.late_request import Plea
from gatherings.models.needs import Needs, NeedsErased
from gatherings.models.registration import Registration

__all__ = [
    "Answer",
    "Answered",
    "Attendance",
    "Document",
    "Feed",
    "Gathering",
    "ListTaken",
    "Needs",
    "NeedsErased",
    "Plea",
    "Registration",
]
