"""The admin's pages about participants, one file for each area. Imported for what they register."""

from participants.admin import cohort, confirmation, contact, geography, participation, project_group, unit

__all__ = ["cohort", "confirmation", "contact", "geography", "participation", "project_group", "unit"]
