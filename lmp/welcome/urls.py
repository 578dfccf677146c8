from django.urls import path

from lmp.welcome import views

app_name = "welcome"
urlpatterns = [path("brev/<int:pk>.pdf", views.letter, name="letter")]
