from django import template

from lmp.demo.personas import PERSONAS, Persona

register = template.Library()


@register.simple_tag
def demo_people() -> list[Persona]:
    return PERSONAS
