from django.urls import path

from lmp.writing.views import choose, sent, write

app_name = "writing"
urlpatterns = [
    path("skriv/", choose.choose, name="choose"),
    path("skriv/adresser/", choose.addresses, name="addresses"),
    path("skriv/alle/", sent.writings, name="list"),
    path("skriv/<int:pk>/", sent.sent, name="sent"),
    path("skriv/<int:pk>/tekst/", write.write, name="write"),
    path("skriv/<int:pk>/se-over/", write.preview, name="preview"),
]
