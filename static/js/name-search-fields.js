// The administration's fields that search while one types have no name for whoever hears the page: they get their label's.
for (const select of document.querySelectorAll("select.admin-autocomplete")) {
  const [label] = select.labels
  const drawn = select.nextElementSibling
  if (!label || !drawn) continue
  label.id ||= `${select.id}-label`
  const shown = drawn.querySelector(".select2-selection__rendered")
  shown?.setAttribute("aria-labelledby", label.id)
  drawn.querySelector("[role=combobox]")?.setAttribute("aria-labelledby", `${label.id} ${shown?.id}`)
}
