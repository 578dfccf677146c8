"""The admin's pages about gatherings, one file for each area. Imported for what they register."""

from gatherings.admin import gathering, needs_erased, plea, registration

__all__ = ["gathering", "needs_erased", "plea", "registration"]
