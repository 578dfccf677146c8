"""Why a server did not deliver, by its enhanced status code (RFC 3463) and, where that says little, its words."""

import re

from outbox.models import ReturnReason

# Microsoft 365 says 5.4.1 of a recipient that its directory does not have, and 5.4.310 of a domain that is not there.
_UNKNOWN_CODES = {"1.0", "1.1", "1.3", "1.6", "1.10", "2.1"}
_NO_DOMAIN_CODES = {"1.2", "4.310"}
_FULL_CODES = {"2.2"}
_UNREACHED_CODES = {"4.1", "4.2", "4.5", "4.7", "4.300", "4.316"}
_NO_DOMAIN = re.compile(
    r"(host|domain) (or domain )?(name )?(was )?not found|domain does not exist|nxdomain|no such domain"
    r"|name service error",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"user unknown|unknown (user|recipient|mailbox)|no such (user|recipient|mailbox|address)|does ?n[o']t exist"
    r"|not exist|recipient ?not ?found|(user|mailbox|recipient) (was )?(not found|unavailable|disabled)"
    r"|recipient address rejected|account (is )?disabled|invalid recipient",
    re.IGNORECASE,
)
_FULL = re.compile(r"quota|mailbox (is )?full|out of storage|storage space|over ?quota", re.IGNORECASE)
_UNREACHED = re.compile(r"timed? ?out|expired|could not be reached|connection refused", re.IGNORECASE)
_CODE = re.compile(r"(?<![\d.])[245]\.(\d{1,3}\.\d{1,3})(?![\d.])")

# What is true of the address, not of one mail: nothing goes there until it is changed.
OF_THE_ADDRESS = {ReturnReason.UNKNOWN, ReturnReason.NO_DOMAIN}


def reason_for(status: str, said: str) -> ReturnReason:
    """`status` as a delivery report has it, may be empty; `said` is what the server wrote."""
    code = _CODE.search(status) or _CODE.search(said)
    detail = code.group(1) if code else ""
    # A server's words tell more than a general code: 5.0.0, 5.4.1 and 5.5.0 stand for anything.
    by_code = (
        (ReturnReason.UNKNOWN, _UNKNOWN_CODES),
        (ReturnReason.NO_DOMAIN, _NO_DOMAIN_CODES),
        (ReturnReason.FULL, _FULL_CODES),
    )
    by_words = (
        (ReturnReason.FULL, _FULL),
        (ReturnReason.NO_DOMAIN, _NO_DOMAIN),
        (ReturnReason.UNKNOWN, _UNKNOWN),
    )
    if found := next((reason for reason, codes in by_code if detail in codes), None):
        return found
    if detail.startswith("7."):  # a rule of theirs, which may quote any words
        return ReturnReason.REFUSED
    if found := next((reason for reason, words in by_words if words.search(said)), None):
        return found
    if detail in _UNREACHED_CODES or _UNREACHED.search(said):
        return ReturnReason.UNREACHED
    return ReturnReason.REFUSED
