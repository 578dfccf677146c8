"""The project's addresses as they are in demo mode."""

from django.urls import include, path

from lmp.urls import urlpatterns as project

urlpatterns = [*project, path("demo/", include("lmp.demo.urls"))]
