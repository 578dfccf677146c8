"""Staff's pages of the letters."""

from lmp.welcome.admin import registers

__all__ = ["registers"]
