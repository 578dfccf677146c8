"""Where the mail server can, it is asked to send back the headers only: the text may hold a code."""

import pytest

from outbox.wire.smtp import Connection


@pytest.mark.parametrize(("offered", "asked"), [(True, ["RET=HDRS"]), (False, [])])
def test_the_text_does_not_come_back(monkeypatch, offered, asked):
    told: list[list[str]] = []
    connection = Connection()
    connection.does_esmtp = True
    monkeypatch.setattr(connection, "ehlo_or_helo_if_needed", lambda: None)
    monkeypatch.setattr(connection, "has_extn", lambda name: offered and name == "dsn")
    monkeypatch.setattr(connection, "mail", lambda _sender, options: told.append(list(options)) or (250, b"ok"))
    monkeypatch.setattr(connection, "rcpt", lambda _to, _options: (250, b"ok"))
    monkeypatch.setattr(connection, "data", lambda _text: (250, b"ok"))
    connection.sendmail("retur@example.no", ["kari@example.no"], "Hei")
    assert told == [asked]
