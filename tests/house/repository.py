"""The project's files, found without git: a copy of the project is tested like a checkout."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MADE = {".venv", "node_modules", "var", "__pycache__", ".git"}


def files(*suffixes: str) -> Iterator[Path]:
    """Every file of the project, or those with one of these endings, relative to its top."""
    yield from (path for path in _walk(ROOT) if not suffixes or path.suffix in suffixes)


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in MADE or path.name.endswith("_cache") or path.name == ".hypothesis":
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path.relative_to(ROOT)


def text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")
