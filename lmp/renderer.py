from typing import Any

from django.core.validators import MaxLengthValidator
from django.forms import FileField, boundfield, widgets
from django.forms.renderers import TemplatesSetting
from django.utils.datastructures import MultiValueDict

from parts.forms import typed_in

WRITTEN = {"text", "search", "email", "tel", "url"}


class BoundField(boundfield.BoundField):
    """A field as the design system has it, with what was typed in it before a change of language."""

    def value(self) -> Any:
        typed = None if self.field.disabled else typed_in(self.form)
        if typed is None or isinstance(self.field, FileField):
            return super().value()
        return self.field.prepare_value(self.field.widget.value_from_datadict(typed, MultiValueDict(), self.html_name))

    @property
    def limit(self) -> int | None:
        """The letters that the field has room for, when it is one that people write in."""
        widget = self.field.widget
        written = isinstance(widget, widgets.Textarea) or getattr(widget, "input_type", "") in WRITTEN
        limits = [check.limit_value for check in self.field.validators if isinstance(check, MaxLengthValidator)]
        return min(limits) if written and limits and not widget.is_hidden else None

    @property
    def says_limit(self) -> bool:
        """A field for whole sentences says how much room there is at once; a name's says so when it is nearly used."""
        return self.limit is not None and isinstance(self.field.widget, widgets.Textarea)

    @property
    def aria_describedby(self) -> str | None:
        described = super().aria_describedby
        return f"{described} {self.auto_id}_limit".strip() if described is not None and self.says_limit else described

    def build_widget_attrs(self, attrs: dict, widget: widgets.Widget | None = None) -> dict:
        """Every input, select and textarea gets the design system's class; the admin's widgets stay as they are."""
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        widget.attrs.pop("maxlength", None)  # it cuts what is pasted without a word: the field says so instead
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
