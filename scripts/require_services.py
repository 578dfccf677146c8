"""Say which of the things that the services tests need is missing, before a test run stumbles over it."""

import os
import shutil
import sys

import psycopg2
import redis


def postgresql() -> str:
    url = os.environ["DATABASE_URL"]
    try:
        psycopg2.connect(url, connect_timeout=5).close()
    except psycopg2.OperationalError as error:
        return f"PostgreSQL does not answer at DATABASE_URL={url}: {error}".strip()
    return ""


def redis_server() -> str:
    url = os.environ["REDIS_URL"]
    try:
        redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5).ping()
    except redis.RedisError as error:
        return f"Redis does not answer at REDIS_URL={url}: {error}"
    return ""


def programs() -> str:
    wanted = {
        "chromium": ["chromium-headless-shell", "chromium", "chromium-browser"],
        "qpdf": ["qpdf"],
        "pdfinfo": ["pdfinfo"],
    }
    lacking = [name for name, programs in wanted.items() if not any(map(shutil.which, programs))]
    if lacking:
        packages = "chromium-headless-shell qpdf poppler-utils"
        return f"Not on this machine: {', '.join(lacking)} (apt-get install {packages})"
    return ""


if __name__ == "__main__":
    problems = [problem for problem in (postgresql(), redis_server(), programs()) if problem]
    if problems:
        sys.exit("make test-services can't start:\n- " + "\n- ".join(problems))
