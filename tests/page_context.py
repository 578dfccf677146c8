"""What the test client notes of a page: the page's own template and context, not those of every part in it.

Django's own copies the whole context for each template that is rendered, and a form has one for each field.
"""

from contextvars import ContextVar

from django.template import Context, Template
from django.test.signals import template_rendered
from django.utils.safestring import SafeString

_in_a_page: ContextVar[bool] = ContextVar("inside another template", default=False)


def only_of_pages() -> None:
    Template._render = _render


def _render(self: Template, context: Context) -> SafeString:
    if _in_a_page.get():
        return self.nodelist.render(context)
    template_rendered.send(sender=self, template=self, context=context)
    token = _in_a_page.set(True)
    try:
        return self.nodelist.render(context)
    finally:
        _in_a_page.reset(token)
