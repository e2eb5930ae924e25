// The palette: records and actions as one types, by keys only. What may be done on the page at hand is read off its
// buttons, so that it offers just what they do. What was opened last is kept here as addresses, never as names.
import { word } from "../lib/words.js";

const PAUSE = 120;
const RECENT = 8;
const RECORD = /^\/(leads|deals|complaints|accounts|contacts)\/\d+$/;
const ON_PAGE = ".fy-head__actions a, .fy-head__actions button, .fy-next a, [data-palette-action]";

const dialog = document.getElementById("palette");
const input = dialog?.querySelector("[role=combobox]");
const list = dialog?.querySelector("[role=listbox]");
const none = dialog?.querySelector("[data-palette-none]");
const status = dialog?.querySelector("[data-palette-status]");
const memory = `recent:${dialog?.dataset.person}`;
let asking = new AbortController();
let timer = 0;
let active = -1;

export function openPalette() {
  if (!dialog) return false;
  if (dialog.open) return true;
  input.value = "";
  list.replaceChildren();
  list.hidden = none.hidden = true;
  dialog.showModal();
  input.focus();
  ask();
  return true;
}

function recent() {
  try {
    return JSON.parse(localStorage.getItem(memory) ?? "[]").filter((path) => RECORD.test(path));
  } catch {
    return [];
  }
}

function remember() {
  const path = location.pathname;
  if (!dialog || !RECORD.test(path)) return;
  localStorage.setItem(memory, JSON.stringify([path, ...recent().filter((one) => one !== path)].slice(0, RECENT)));
}

// The newest question wins: an answer to an older one is dropped on its way.
async function ask() {
  asking.abort();
  asking = new AbortController();
  const text = input.value.trim();
  const query = new URLSearchParams({ q: text });
  if (!text) query.set("recent", recent().filter((path) => path !== location.pathname).join(","));
  const { signal } = asking;
  try {
    const answer = await fetch(`${dialog.dataset.options}?${query}`, { signal, headers: { "HX-Request": "true" } });
    if (answer.redirected || answer.status === 401 || answer.status === 403) return location.reload();
    if (!answer.ok) throw new Error(answer.status);
    const html = await answer.text();
    if (!signal.aborted) show(html, text);
  } catch (error) {
    if (error.name !== "AbortError") tell(word("offline"));
  }
}

function tell(text) {
  list.replaceChildren();
  settle(text);
}

function show(html, text) {
  list.innerHTML = html;
  const here = pageActions(text);
  if (here) list.prepend(here);
  options().forEach((option, place) => {
    option.id = `palette-${place}`;
    option.setAttribute("aria-selected", "false");
  });
  const said = list.querySelector("[data-none]");
  said?.remove();
  settle(said?.textContent ?? "");
}

// A list without options is none to those who hear it: then the text stands alone.
function settle(text) {
  const count = options().length;
  list.hidden = !count;
  input.setAttribute("aria-expanded", String(count > 0));
  none.textContent = text;
  none.hidden = !text;
  status.textContent = text || word("found", count);
  choose(count ? 0 : -1);
}

// The buttons of the page that have all the words.
function pageActions(text) {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  const group = document.createElement("div");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", word("here"));
  const head = Object.assign(document.createElement("div"), { className: "fy-palette__group", textContent: word("here") });
  group.append(head);
  const said = new Set();
  for (const element of document.querySelectorAll(`#main :is(${ON_PAGE})`)) {
    const label = (element.dataset.paletteAction || element.textContent).trim().replace(/\s+/g, " ");
    const lower = label.toLowerCase();
    if (!label || said.has(lower) || element.disabled || !wanted.every((one) => lower.includes(one))) continue;
    said.add(lower);
    const option = document.createElement("div");
    option.className = "fy-found__hit";
    option.setAttribute("role", "option");
    const icon = element.querySelector("svg")?.cloneNode(true);
    if (icon) option.append(icon);
    option.append(Object.assign(document.createElement("span"), { className: "fy-found__title", textContent: label }));
    if (element.dataset.key) option.append(keys([element.dataset.key]));
    option.addEventListener("click", () => {
      dialog.close();
      element.click();
    });
    group.append(option);
  }
  return said.size ? group : null;
}

function keys(names) {
  const end = Object.assign(document.createElement("span"), { className: "fy-found__end" });
  end.append(...names.map((name) => Object.assign(document.createElement("kbd"), { textContent: name })));
  return end;
}

function options() {
  return [...list.querySelectorAll("[role=option]")];
}

function choose(place) {
  const all = options();
  all[active]?.setAttribute("aria-selected", "false");
  active = all.length ? (place + all.length) % all.length : -1;
  if (place < 0 && !all.length) active = -1;
  if (active < 0) {
    input.removeAttribute("aria-activedescendant");
    return;
  }
  for (const option of all) option.setAttribute("aria-selected", String(option === all[active]));
  input.setAttribute("aria-activedescendant", all[active].id);
  all[active].scrollIntoView({ block: "nearest" });
}

if (dialog) {
  input.addEventListener("input", (event) => {
    if (event.isComposing) return; // pinyin on its way to a character
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && options()[active]) {
      event.preventDefault();
      const chosen = options()[active];
      if ((event.ctrlKey || event.metaKey) && chosen.href) window.open(chosen.href, "_blank", "noopener");
      else chosen.click();
    }
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-palette-close]")) dialog.close();
  });
  dialog.addEventListener("close", () => asking.abort());
  document.querySelector("[data-search]")?.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    openPalette();
  });
  remember();
  document.body.addEventListener("htmx:pushedIntoHistory", remember);
}
