from django.urls import path

from lmp.changes.withdrawal import views as withdrawal

app_name = "changes"
urlpatterns = [
    path("kommuner/trekker-seg/", withdrawal.withdraw, name="withdraw"),
    path("kommune/<int:pk>/med-igjen/", withdrawal.come_back, name="come_back"),
]
