from django import forms
from django.utils.translation import gettext_lazy as _

from lmp.desk.models import MessageRead


class MessageReadForm(forms.ModelForm):
    class Meta:
        model = MessageRead
        fields = ["note"]
        labels = {"note": _("Hva er gjort?")}
        help_texts = {"note": _("For kolleger. Kommunen ser det ikke.")}
