import os

from django.core.wsgi import get_wsgi_application

from lmp.watching import checks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lmp.settings")
application = get_wsgi_application()
checks.stop_if_wrong()
