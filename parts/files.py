from dataclasses import dataclass


@dataclass(frozen=True)
class File:
    """A file to send or to hand over."""

    name: str
    content_type: str
    content: bytes
