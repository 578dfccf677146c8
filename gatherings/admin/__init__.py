from gatherings.admin.gathering import GatheringAdmin
from gatherings.admin.needs_erased import NeedsErasedAdmin

__all__ = ["GatheringAdmin", "NeedsErasedAdmin"]
