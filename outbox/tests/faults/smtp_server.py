"""A real SMTP server, as a process of its own: python smtp_server.py PORT LOG ORDERS

Every accepted message becomes a line of JSON in LOG before the answer is given: its first recipient, all of them, what
its To says. ORDERS is a file of JSON that is
read anew for every message: {"wait": seconds before the answer, "refuse"|"defer"|"close"|"swallow": address,
"hang": true (never answer), "close_after": messages a connection, "slow": the address for which alone it waits}.
"close" hangs up before accepting the message, "swallow" accepts it and hangs up without saying so. With "passwords",
a list, whoever has none of them may send nothing.
"""

import asyncio
import email
import json
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    def __init__(self, log: Path, orders: Path) -> None:
        self.log = log.open("a")
        self.orders = orders

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        orders = self.read_orders()
        if address == orders.get("refuse"):
            return "550 5.1.1 no such mailbox"
        if address == orders.get("defer"):
            return "450 4.2.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        orders = self.read_orders()
        session.count = getattr(session, "count", 0) + 1
        recipient = envelope.rcpt_tos[0]
        if orders.get("hang"):
            await asyncio.sleep(3600)
        if recipient == orders.get("close") or session.count > orders.get("close_after", session.count):
            return self.hang_up(server)
        if recipient == orders.get("slow", recipient):
            await asyncio.sleep(orders.get("wait", 0))
        parsed = email.message_from_bytes(envelope.content)
        line = {"to": recipient, "all": envelope.rcpt_tos, "header": parsed["To"]}
        line |= {"sender": envelope.mail_from, "message_id": parsed["Message-ID"], "peer": session.peer[1]}
        self.log.write(json.dumps(line) + "\n")
        self.log.flush()
        return self.hang_up(server) if recipient == orders.get("swallow") else "250 OK"

    def authenticate(self, server, session, envelope, mechanism, given) -> AuthResult:
        return AuthResult(success=given.password.decode() in self.read_orders()["passwords"], handled=False)

    def hang_up(self, server) -> str:
        server.transport.abort()
        return "421 bye"

    def read_orders(self) -> dict:
        return json.loads(self.orders.read_text()) if self.orders.exists() else {}


async def main(port: int, log: Path, orders: Path) -> None:
    def session() -> SMTP:
        handler = Handler(log, orders)
        closed = {"authenticator": handler.authenticate, "auth_required": True, "auth_require_tls": False}
        return SMTP(
            handler,
            hostname="localhost",
            enable_SMTPUTF8=False,
            **closed if "passwords" in handler.read_orders() else {},
        )

    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])))
