"""The folder where the portal keeps its own things on a machine. Each process makes what is missing when it starts."""

import secrets
from pathlib import Path

import environ

env = environ.FileAwareEnv()  # SECRET_KEY, or the path of a file with it in SECRET_KEY_FILE

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env("LMP_VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
STATIC, QUEUE, QUEUE_CONTROL = VAR_DIR / "static", VAR_DIR / "queue", VAR_DIR / "queue-control"
KEY = VAR_DIR / "secret_key"


def make() -> None:
    """Make the folders, and this machine's key, so that none is stored in the repository."""
    folders = [VAR_DIR, STATIC] if env("REDIS_URL", default="") else [VAR_DIR, STATIC, QUEUE, QUEUE_CONTROL]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    embedded = not env("DATABASE_URL", default="")
    if embedded and not env("SECRET_KEY", default="") and not KEY.exists():
        KEY.touch(mode=0o600)
        KEY.write_text(secrets.token_urlsafe(50))
