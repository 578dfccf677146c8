"""The admin's pages about gatherings, one file for each area. Imported for what they register."""

from gatherings.admin import gathering, late_request, needs_erased, registration

__all__ = ["gathering", "late_request", "needs_erased", "registration"]
