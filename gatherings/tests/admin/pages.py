"""Where the staff's pages about a registration are."""

LIST = "/admin/gatherings/registration/"


def change(registration) -> str:
    return f"{LIST}{registration.pk}/change/"


def reimbursement_page(registration) -> str:
    return f"{LIST}{registration.pk}/dekning/"


def cancel_page(registration) -> str:
    return f"{LIST}{registration.pk}/meld-av/"


def late_page(gathering, participation=None) -> str:
    address = f"{LIST}samlinger/{gathering.pk}/meld-paa/"
    return f"{address}?kommune={participation.pk}" if participation else address
