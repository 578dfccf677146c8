"""A Dovecot of the tests' own, as a process: one mailbox, in a folder, on a port of this machine."""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from pathlib import Path

import pytest

from outbox.tests.faults.house import free_port, wait_for

DOVECOT = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
CONFIGURED = """
protocols = imap
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {owner}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{folder}/mail
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password=hemmelig
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
"""


# For one that takes tokens as well, and asks the address what each is worth.
WITH_TOKENS = """
auth_mechanisms = plain login xoauth2
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
"""
INTROSPECTED = """
introspection_mode = post
introspection_url = {address}
username_attribute = username
active_attribute = active
active_value = true
"""


class ImapServer:
    def __init__(self, *, introspects: str = "") -> None:
        if DOVECOT is None:
            pytest.fail("needs Dovecot: apt install dovecot-imapd")
        # Dovecot's processes are several users' when it is started by root: each must get as far as its sockets.
        self.folder = Path(tempfile.mkdtemp(prefix="lmp-imap-"))
        self.folder.chmod(0o711)
        self.port = free_port()
        root = os.getuid() == 0
        owner = pwd.getpwnam("dovecot") if root else pwd.getpwuid(os.getuid())
        facts = {"folder": self.folder, "port": self.port, "uid": owner.pw_uid, "gid": owner.pw_gid}
        facts |= {"owner": owner.pw_name, "group": grp.getgrgid(owner.pw_gid).gr_name}
        facts |= {"login": "dovenull" if root else owner.pw_name}
        self.config = self.folder / "dovecot.conf"
        configured = (WITH_TOKENS if introspects else "") + CONFIGURED
        self.config.write_text(configured.format(**facts))
        (self.folder / "oauth2.conf").write_text(INTROSPECTED.format(address=introspects))
        for name in ("mail", "mail/cur", "mail/new", "mail/tmp", "home"):
            (self.folder / name).mkdir()
            os.chown(self.folder / name, owner.pw_uid, owner.pw_gid)
        self.start()

    @property
    def url(self) -> str:
        return f"imap://retur:hemmelig@127.0.0.1:{self.port}/INBOX"

    def start(self) -> None:
        self.process = subprocess.Popen([str(DOVECOT), "-F", "-c", str(self.config)])
        wait_for(self.answers)

    def stop(self) -> None:
        with self.process:
            self.process.terminate()

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def answers(self) -> bool:
        assert self.process.poll() is None, (self.folder / "log").read_text()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def deliver(self, source: bytes) -> None:
        name = uuid.uuid4().hex
        (self.folder / "mail" / "tmp" / name).write_bytes(source)
        (self.folder / "mail" / "tmp" / name).rename(self.folder / "mail" / "new" / name)

    def lying(self) -> list[bytes]:
        """The mails that lie there."""
        mail = self.folder / "mail"
        return [path.read_bytes() for name in ("new", "cur") for path in (mail / name).iterdir()]
