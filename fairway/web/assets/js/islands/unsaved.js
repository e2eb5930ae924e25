// A form with data-guard="key" keeps what was typed in this tab, offers it back, and warns before leaving.
// What was sent is kept until the answer shows that it was accepted: a refusal, a fault, a lost session keep it.
import { island } from "../lib/island.js";
import { word } from "../lib/words.js";

const KEY = "typed:";
const SENT = "sent:";
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
    sessionStorage.setItem(SENT + form.dataset.guard, "1");
  });
  form.addEventListener("htmx:afterRequest", ({ detail: { xhr } }) => settle(xhr.status >= 200 && xhr.status < 400));
});

function settle(accepted) {
  for (const name of Object.keys(sessionStorage).filter((name) => name.startsWith(SENT))) {
    if (accepted) sessionStorage.removeItem(KEY + name.slice(SENT.length));
    sessionStorage.removeItem(name);
  }
}

// The page that answers a plain submission. Without the frame it is the sign-in: the session was lost, nothing was taken.
function accepted() {
  const status = performance.getEntriesByType("navigation")[0]?.responseStatus;
  const refused = status ? status >= 400 : document.querySelector("[aria-invalid], .fy-refusal") !== null;
  return !refused && document.querySelector(".fy-shell") !== null;
}

settle(accepted());

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-dirty]")) event.preventDefault();
});
