"""Compile each catalogue under locale/ that is newer than its .mo. Needs polib, not the system's gettext."""

from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent


def compile_catalogues(locale: Path = ROOT / "locale") -> None:
    for source in sorted(locale.glob("**/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(compiled))


if __name__ == "__main__":
    compile_catalogues()
