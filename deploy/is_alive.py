"""Whether the web server in this container answers. Standard library only, and starts in a moment."""

import sys
from urllib.error import URLError
from urllib.request import urlopen

try:
    with urlopen("http://127.0.0.1:8000/livez", timeout=4) as answer:
        sys.exit(answer.status != 200)
except (URLError, OSError) as error:
    sys.exit(f"no answer: {error}")
