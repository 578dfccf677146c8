from django.urls import path

from lmp.board import views

app_name = "board"
urlpatterns = [
    path("puljer/<int:pk>/status/", views.board, name="board"),
    path("puljer/<int:pk>/status/xlsx/", views.board_workbook, name="export"),
]
