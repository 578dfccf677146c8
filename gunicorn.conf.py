"""What gunicorn takes by itself when it is started in this folder: the portal's own log, and one count of requests."""

import os
import tempfile

from prometheus_client.multiprocess import mark_process_dead

from parts.logs.config import logging_config

# The processes count together in files here. It is a new folder at each start, and small.
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="lmp-figures-")

logconfig_dict = logging_config(json=os.environ.get("LOG_FORMAT") == "json", level=os.environ.get("LOG_LEVEL", "INFO"))


def child_exit(_server: object, worker: object) -> None:
    mark_process_dead(worker.pid)  # type: ignore[attr-defined]
