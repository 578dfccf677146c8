"""The tables of the room."""

from lmp.sharing.models.announcement import Announcement
from lmp.sharing.models.file import FileContent, FileVersion, SharedFile
from lmp.sharing.models.publication import Publication, ReaderKind
from lmp.sharing.models.reading import Reading

__all__ = ["Announcement", "FileContent", "FileVersion", "Publication", "ReaderKind", "Reading", "SharedFile"]
