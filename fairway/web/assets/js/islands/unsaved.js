// A form with data-guard="key" keeps what was typed in this tab, offers it back, and warns before leaving.
// After a page that says so by data-guard-done="key", what was kept is forgotten.
import { island } from "../lib/island.js";
import { word } from "../lib/words.js";

const KEY = "typed:";
const SECRET = "input[type=password], input[type=hidden], input[type=file]";

function fields(form) {
  return [...form.elements].filter((field) => field.name && !field.matches(SECRET) && field.matches("input, select, textarea"));
}

function read(form) {
  return fields(form).map((field) => {
    if (field.matches("[type=checkbox], [type=radio]")) return [field.name, field.value, field.checked];
    if (field.multiple) return [field.name, [...field.selectedOptions].map((option) => option.value)];
    return [field.name, field.value];
  });
}

function write(form, kept) {
  form.dispatchEvent(new CustomEvent("fy:restore", { bubbles: true, detail: kept }));
  const list = fields(form);
  kept.forEach(([name, value, checked], place) => {
    const field = list[place];
    if (field?.name !== name) return;
    if (checked !== undefined) field.checked = checked;
    else if (field.multiple) for (const option of field.options) option.selected = value.includes(option.value);
    else field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function offer(form, key, kept) {
  const note = document.createElement("div");
  note.className = "fy-note fy-tone--accent";
  note.setAttribute("role", "status");
  const text = document.createElement("div");
  text.className = "fy-note__text";
  text.textContent = word("kept");
  const restore = document.createElement("button");
  restore.className = "btn btn-primary";
  restore.textContent = word("restore");
  restore.addEventListener("click", () => {
    write(form, kept);
    form.dataset.dirty = "true";
    note.remove();
  });
  const forget = document.createElement("button");
  forget.className = "btn btn-quiet";
  forget.textContent = word("forget");
  forget.addEventListener("click", () => {
    sessionStorage.removeItem(key);
    note.remove();
  });
  restore.type = forget.type = "button";
  note.append(text, restore, forget);
  form.prepend(note);
}

island("form[data-guard]", (form) => {
  const key = KEY + form.dataset.guard;
  const first = JSON.stringify(read(form));
  const kept = sessionStorage.getItem(key);
  if (kept && kept !== first) offer(form, key, JSON.parse(kept));
  form.addEventListener("input", () => {
    const now = JSON.stringify(read(form));
    if (now === first) delete form.dataset.dirty;
    else form.dataset.dirty = "true";
    sessionStorage.setItem(key, now);
  });
  form.addEventListener("submit", () => {
    delete form.dataset.dirty;
  });
});

island("[data-guard-done]", (element) => sessionStorage.removeItem(KEY + element.dataset.guardDone));

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-dirty]")) event.preventDefault();
});
