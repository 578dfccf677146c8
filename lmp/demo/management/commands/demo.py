import gc
import sys

from django.conf import settings
from django.core.management import CommandParser, call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from lmp.demo import database, load, serving


class Command(BaseCommand):
    help = "Load the demo and serve it, with a worker beside the web server. Ctrl-C stops both."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--load-only", action="store_true", help="make the database, serve nothing")

    def handle(self, *, port: int, load_only: bool, **_options) -> None:
        if not settings.DEMO:
            raise CommandError("This fills the database with invented people. Set LMP_DEMO=true, or use make demo.")
        if load_only:
            self.make_database()
            return
        try:
            serving.refuse_taken_port(port)
        except serving.PortTakenError:
            raise CommandError(f"Port {port} is taken. Choose another: make demo PORT={port + 1}") from None
        with serving.Demo(port) as demo:
            self.make_database()
            self.say(self.welcome(port))
            code = demo.serve()
        sys.exit(code)

    def make_database(self) -> None:
        # What is made meanwhile stays, nearly all of it, so looking for garbage often takes time and finds little
        gc.set_threshold(100_000)
        if database.is_of_other_migrations():
            self.say(_("Demoen er fra en annen utgave av portalen og blir laget på nytt."))
            database.throw_away()
        self.say("Bringing the database up to date ..." if database.exists() else "Making the database ...")
        call_command("migrate", verbosity=0, interactive=False)
        database.mark_as_migrated()
        call_command("createcachetable", verbosity=0)
        load.load(now=timezone.now(), say=self.say)

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def welcome(self, port: int) -> str:
        address = f"http://localhost:{port}"
        return (
            f"\nThe demo is at {address}/\n"
            f"Sign in with one of the buttons there, or by code; the mails are at {address}/demo/post/\n"
            f"What it holds is in {settings.VAR_DIR}. make demo-reset throws it away. Ctrl-C stops the demo.\n"
        )
