from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gatherings import evaluation
from gatherings.models import Answer


class EvaluationForm(forms.Form):
    """The four scored questions, then the comment. The ends of each scale are said in words."""

    comment = forms.CharField(
        label=evaluation.COMMENT,
        required=False,
        max_length=Answer._meta.get_field("comment").max_length,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Skriv aldri navn på barn eller noe som kan kjenne dem igjen. La også være å skrive hvem du selv er, så er "
            "svaret anonymt."
        ),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for question in evaluation.QUESTIONS:
            self.fields[question.name] = forms.TypedChoiceField(
                label=str(question.text),
                choices=[(score, _label(question, score)) for score in evaluation.SCORES],
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": _("Velg et tall fra 1 til 5.")},
            )
        names = [question.name for question in evaluation.QUESTIONS]
        self.order_fields([*names, "comment"])
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*(Div(name, css_class="app-scale") for name in names), "comment")

    @property
    def scores(self) -> dict[str, int]:
        return {question.name: self.cleaned_data[question.name] for question in evaluation.QUESTIONS}


def _label(question: evaluation.Question, score: int) -> str:
    ends = {evaluation.SCORES[0]: question.low, evaluation.SCORES[-1]: question.high}
    return f"{score}: {ends[score]}" if score in ends else str(score)
