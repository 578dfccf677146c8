from django.forms import boundfield, widgets
from django.forms.renderers import TemplatesSetting


class BoundField(boundfield.BoundField):
    """Gives every input, select and textarea the design system's class, but leaves the admin's widgets as they are."""

    def build_widget_attrs(self, attrs: dict, widget: widgets.Widget | None = None) -> dict:
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
