// The administration's fields that search while one types have no name for whoever hears the page: they get their label's.
// They are drawn by functions that wait in the same queue, before this one.
window.django.jQuery(() => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const [label] = select.labels
    const shown = select.nextElementSibling?.querySelector(".select2-selection__rendered")
    if (!label || !shown) continue
    label.id ||= `${select.id}-label`
    shown.setAttribute("aria-labelledby", label.id)
    shown.closest("[role=combobox]")?.setAttribute("aria-labelledby", `${label.id} ${shown.id}`)
  }
})
