from django.urls import path

from gatherings.views import document, gathering, plea, registration

app_name = "gatherings"
urlpatterns = [
    path("samlinger/<int:pk>/", gathering.gathering, name="gathering"),
    path("samlinger/<int:pk>/spor/", plea.plea, name="plea"),
    path("dokumenter/<int:pk>/", document.document, name="document"),
    path("paameldinger/<int:pk>/", registration.registration, name="registration"),
]
