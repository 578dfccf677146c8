"""What a test sends to say that a text was looked over."""

from typing import Any


def ticked(response: Any) -> dict[str, str]:
    """The tick that a page has asked for, as a browser sends it."""
    form = response.context["form"]
    return {form.add_prefix("no_children"): form.fields["no_children"].widget.attrs["value"]}
