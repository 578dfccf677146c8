from typing import Any

from django.forms import FileField, boundfield, widgets
from django.forms.renderers import TemplatesSetting
from django.utils.datastructures import MultiValueDict

from parts.forms import typed_in


class BoundField(boundfield.BoundField):
    """A field as the design system has it, with what was typed in it before a change of language."""

    def value(self) -> Any:
        typed = None if self.field.disabled else typed_in(self.form)
        if typed is None or isinstance(self.field, FileField):
            return super().value()
        return self.field.prepare_value(self.field.widget.value_from_datadict(typed, MultiValueDict(), self.html_name))

    def build_widget_attrs(self, attrs: dict, widget: widgets.Widget | None = None) -> dict:
        """Every input, select and textarea gets the design system's class; the admin's widgets stay as they are."""
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        if type(widget).__module__.startswith("django.contrib.admin"):
            return attrs
        if isinstance(widget, widgets.MultiWidget):
            # Its parts share the attributes given here, which would overwrite a class of their own
            for part in widget.widgets:
                part.attrs["class"] = with_input_class(part.attrs.get("class", ""))
        elif not widget.is_hidden:
            attrs["class"] = with_input_class(str(attrs.get("class") or widget.attrs.get("class", "")))
        return attrs


def with_input_class(classes: str) -> str:
    return classes if "ds-input" in classes.split() else f"ds-input {classes}".strip()


class Renderer(TemplatesSetting):
    """Django's own form renderer; the look of a field is decided here, once."""

    bound_field_class = BoundField
