"""Mounted in demo mode only: here anybody can be anybody."""

from django.urls import path

from lmp.demo import views

app_name = "demo"
urlpatterns = [
    path("inn/<slug:key>/", views.sign_in, name="sign_in"),
    path("post/", views.mails, name="mails"),
    path("post/<int:pk>/", views.mail, name="mail"),
    path("post/<int:pk>/vedlegg/<int:attachment>/", views.attachment, name="attachment"),
]
