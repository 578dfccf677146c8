from gatherings.admin import gathering, plea

__all__ = ["gathering", "plea"]
