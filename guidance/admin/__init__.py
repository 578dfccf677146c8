from guidance.admin import group, project_leader, settings, supervisor

__all__ = ["group", "project_leader", "settings", "supervisor"]
