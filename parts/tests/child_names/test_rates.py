"""How often the question is asked where it should be, and where it should not: counted on sentences, and printed.

`sentences.toml` is what the rules were made with. `held_out.toml` was written before them and is never tuned to, so
that its rate says something of what is written tomorrow. One person wrote both, and the list of names.
"""

import time
import tomllib
from pathlib import Path

import pytest

from parts.child_names.suspicion import suspicious

HERE = Path(__file__).parent
AT_LEAST_ASKED, AT_MOST_IN_VAIN = 0.95, 0.05
LONGEST_LOG = 8000


def sentences(name: str) -> dict[str, list[str]]:
    return tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"))


def is_asked_about(sentence: str) -> bool:
    return bool(suspicious(sentence, known=()))


@pytest.mark.parametrize("name", ["sentences", "held_out"])
def test_it_is_asked_where_it_should_be_and_seldom_elsewhere(name):
    of = sentences(name)
    missed = [sentence for sentence in of["asked"] if not is_asked_about(sentence)]
    in_vain = [sentence for sentence in of["harmless"] if is_asked_about(sentence)]
    asked = 1 - len(missed) / len(of["asked"])
    vain = len(in_vain) / len(of["harmless"])
    print(f"{name}: {asked:.1%} of {len(of['asked'])} asked about, {vain:.1%} of {len(of['harmless'])} asked in vain")
    assert asked >= AT_LEAST_ASKED, missed
    assert vain <= AT_MOST_IN_VAIN, in_vain


def test_the_lists_are_as_long_as_promised_and_share_nothing():
    tuned, kept = sentences("sentences"), sentences("held_out")
    assert min(len(tuned["asked"]), len(tuned["harmless"])) >= 100
    assert min(len(kept["asked"]), len(kept["harmless"])) >= 60
    everything = [sentence for of in (tuned, kept) for kind in ("asked", "harmless") for sentence in of[kind]]
    assert len(everything) == len(set(everything))


def test_a_long_log_is_read_at_once():
    """Some 4.5 ms on a slow machine. Five times that before anybody is told, for other tests run beside it."""
    text = " ".join(sentence for name in ("sentences", "held_out") for sentence in sentences(name)["harmless"])
    text = (text * 2)[:LONGEST_LOG]
    taken = []
    for _time in range(20):
        began = time.process_time()
        suspicious(text, known=())
        taken.append(time.process_time() - began)
    print(f"{len(text)} letters: {min(taken) * 1000:.1f} ms")
    assert min(taken) < 0.025
