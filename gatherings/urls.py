from django.urls import path

from gatherings.views import gathering, registration

app_name = "gatherings"
urlpatterns = [
    path("samlinger/<int:pk>/", gathering.gathering, name="gathering"),
    path("paameldinger/<int:pk>/", registration.registration, name="registration"),
]
