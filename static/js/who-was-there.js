// The fold's heading says how many units and people are filled in below it, while they are filled in. "As last time" fills
// in without asking the server, so that it works where there is no network. Without this script both come with the page.
const words = (list, count) => list.split("|")[Math.min(count, 2)].replace("#", count);

function draw() {
  const summary = document.querySelector("[data-who]");
  if (!summary) return;
  const form = summary.closest("form");
  const counts = [...form.querySelectorAll("input[name^=took_]")].map((field) => Number(field.value.trim()));
  const people = counts.filter((count) => Number.isInteger(count) && count > 0).reduce((sum, count) => sum + count, 0);
  const units = form.querySelectorAll("input[name=units]:checked").length;
  const parts = summary.dataset.units ? [words(summary.dataset.units, units)] : [];
  summary.textContent = summary.dataset.heading.replace("#", [...parts, words(summary.dataset.people, people)].join(", "));
}

function fillIn(button) {
  for (const field of button.form.querySelectorAll("input[name^=took_]")) {
    if (!button.hasAttribute(`data-${field.name}`)) continue;
    field.value = button.getAttribute(`data-${field.name}`);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const status = button.form.querySelector("[data-filled-in]");
  status.textContent = status.dataset.filledIn;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-as-last]");
  if (!button) return;
  event.preventDefault();
  fillIn(button);
});
document.addEventListener("input", draw);
document.addEventListener("change", draw);
draw();
