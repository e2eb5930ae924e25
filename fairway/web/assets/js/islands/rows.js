// Rows of a list in a form are added and removed at once; without script the same buttons send the form.
import { island } from "../lib/island.js";

function positions(list) {
  return [...list.children].map((row) => Number(row.querySelector("[data-rows-remove]").value.split(":").pop()));
}

function add(field) {
  const list = field.querySelector(":scope > [data-rows-list]");
  if (list.children.length >= Number(field.dataset.most)) return null;
  const next = Math.max(-1, ...positions(list)) + 1;
  const blank = field.querySelector(":scope > [data-rows-blank]").innerHTML;
  list.insertAdjacentHTML("beforeend", blank.replaceAll(field.dataset.mark, String(next)));
  const row = list.lastElementChild;
  window.htmx?.process(row);
  return row;
}

function settle(field) {
  const list = field.querySelector(":scope > [data-rows-list]");
  field.querySelector(":scope > [data-rows-add]").disabled = list.children.length >= Number(field.dataset.most);
  [...list.children].forEach((row, place) => {
    row.querySelector(":scope > [data-rows-remove] [data-row-number]").textContent = String(place + 1);
  });
}

function changed(field) {
  settle(field);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

island("[data-rows]", (field) => {
  settle(field);
  field.addEventListener("click", (event) => {
    const button = event.target.closest("[data-rows-add], [data-rows-remove]");
    if (!button || button.closest("[data-rows]") !== field) return;
    event.preventDefault();
    if (button.matches("[data-rows-add]")) {
      add(field)?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    } else {
      const row = button.closest("[data-row]");
      const near = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      (near?.querySelector("[data-rows-remove]") ?? field.querySelector(":scope > [data-rows-add]")).focus();
    }
    changed(field);
  });
});

// What was kept in this tab may have more rows than the page: they are made before the fields are filled again.
document.addEventListener("fy:restore", (event) => {
  const names = new Set(event.detail.map(([name]) => name));
  for (const field of event.target.querySelectorAll("[data-rows]")) {
    const [, path] = field.querySelector(":scope > [data-rows-add]").value.split(":");
    const kept = new Set([...names].map((name) => name.match(rowOf(path))?.[1]).filter(Boolean));
    const list = field.querySelector(":scope > [data-rows-list]");
    while (list.children.length < kept.size && add(field));
    settle(field);
  }
});

function rowOf(path) {
  return new RegExp(`^[^.]+\\.${path.replaceAll(".", "\\.")}\\.(\\d+)(?:\\.|$)`);
}
