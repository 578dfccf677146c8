from django.urls import path

from lmp.governor.views import counties

app_name = "governor"
urlpatterns = [
    path("statsforvalter/", counties.counties, name="counties"),
]
