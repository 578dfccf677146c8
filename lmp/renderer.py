from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Django's own form renderer; the look of a field is decided here once, for the admin's sake not globally."""
