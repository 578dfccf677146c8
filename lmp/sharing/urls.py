from django.urls import path

from lmp.sharing.views import files, lists, publishing, reading, telling, writing

app_name = "sharing"
urlpatterns = [
    path("dokumenter-og-nyheter/", lists.publications, name="list"),
    path("dokumenter-og-nyheter/nytt/", writing.new, name="new"),
    path("dokumenter-og-nyheter/<int:pk>/", reading.publication, name="publication"),
    path("dokumenter-og-nyheter/<int:pk>/endre/", writing.change, name="change"),
    path("dokumenter-og-nyheter/<int:pk>/filer/", files.files, name="files"),
    path("dokumenter-og-nyheter/<int:pk>/se-over/", publishing.preview, name="preview"),
    path("dokumenter-og-nyheter/<int:pk>/ta-tilbake/", publishing.take_back, name="take_back"),
    path("dokumenter-og-nyheter/<int:pk>/lesere/", telling.readers, name="readers"),
    path("dokumenter-og-nyheter/<int:pk>/si-fra/", telling.tell, name="tell"),
    path("dokumenter-og-nyheter/fil/<int:pk>/", reading.file, name="file"),
    path("dokumenter-og-nyheter/fil/<int:pk>/<int:version>/", reading.version, name="version"),
    path("dokumenter-og-nyheter/fil/<int:pk>/ny-versjon/", files.replace, name="replace"),
    path("dokumenter-og-nyheter/fil/<int:pk>/ta-bort/", files.remove, name="remove"),
]
