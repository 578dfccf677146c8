from gatherings.admin import gathering, plea, registration

__all__ = ["gathering", "plea"]
