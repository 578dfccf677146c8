"""Mounted in demo mode only: here anybody can be anybody."""

from django.urls import path

from lmp.demo import kind_views, views

app_name = "demo"
urlpatterns = [
    path("inn/<slug:key>/", views.sign_in, name="sign_in"),
    path("post/", views.mails, name="mails"),
    path("post/alle/", kind_views.kinds, name="kinds"),
    path("post/alle/<str:name>/", kind_views.kind, name="kind"),
    path("post/alle/<str:name>/<slug:language>/", kind_views.drawn, name="kind_drawn"),
    path("post/<int:pk>/", views.mail, name="mail"),
    path("post/<int:pk>/vedlegg/<int:attachment>/", views.attachment, name="attachment"),
]
