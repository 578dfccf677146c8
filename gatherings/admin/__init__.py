"""The admin's pages about gatherings, one file for each area. Imported for what they register."""

from gatherings.admin import gathering, registration

__all__ = ["gathering", "registration"]
