"""What several mails have in common: the placeholders, and what each stands for."""

from django.utils.translation import gettext_lazy as _

NAME = {"navn": _("navnet på mottakeren")}
COHORT = {"pulje": _("pulja, for eksempel «pulje 9»")}
MUNICIPALITY = {"kommune": _("navnet på kommunen, med fylket når to heter det samme")}
LINK = {"lenke": _("lenken til siden det gjelder")}
CONTACTS = {"kontakt": _("liste over veilederne, med e-post og telefon")}
