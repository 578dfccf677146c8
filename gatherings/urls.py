from django.urls import path

from gatherings.views import feed, gathering, registration

app_name = "gatherings"
urlpatterns = [
    path("samlinger/<int:pk>/", gathering.gathering, name="gathering"),
    path("paameldinger/<int:pk>/", registration.registration, name="registration"),
    path("kalender/", feed.feed, name="feed"),
    path("kalender/<str:token>.ics", feed.feed_file, name="feed_file"),
]
