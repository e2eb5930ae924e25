// Keys: Ctrl-K and / open the palette, Ctrl-Enter sends the form one is in, data-key="n" presses what carries it, g and
// then data-go="l" goes to a place of the navigation, ? lists them all. None of them while one types.
import { openPalette } from "./palette.js";

const PATIENCE = 1500;
let waiting = 0;
const TYPING = "input, textarea, select, [contenteditable]";

// Shows the dialog of keys, with those of the page at hand.
function list() {
  const dialog = document.getElementById("keys");
  if (!dialog) return;
  const table = dialog.querySelector("dl");
  table.querySelectorAll("[data-of-page]").forEach((element) => element.remove());
  const places = [...document.querySelectorAll(".fy-side [data-go]")];
  for (const element of [...document.querySelectorAll("[data-key]"), ...places]) {
    const key = document.createElement("dt");
    const names = element.dataset.key ? [element.dataset.key] : ["g", element.dataset.go];
    key.append(...names.map((name) => Object.assign(document.createElement("kbd"), { textContent: name })));
    const said = Object.assign(document.createElement("dd"), { textContent: element.textContent.trim() });
    key.dataset.ofPage = said.dataset.ofPage = "";
    table.append(key, said);
  }
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.(TYPING);
  const control = event.ctrlKey || event.metaKey;
  if (event.isComposing) return;
  if ((control && event.key.toLowerCase() === "k") || (!typing && !control && event.key === "/")) {
    if (!control && document.querySelector("dialog[open]")) return;
    if (openPalette()) event.preventDefault();
    return;
  }
  if (control && event.key === "Enter" && event.target.form) {
    event.preventDefault();
    event.target.form.requestSubmit();
    return;
  }
  if (typing || control || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "?") {
    list();
    return;
  }
  if (waiting > event.timeStamp) {
    waiting = 0;
    const place = document.querySelector(`.fy-side [data-go="${CSS.escape(event.key)}"]`);
    if (!place) return;
    event.preventDefault();
    place.click();
    return;
  }
  if (event.key === "g") {
    waiting = event.timeStamp + PATIENCE;
    return;
  }
  const hit = [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === event.key);
  if (!hit) return;
  event.preventDefault();
  hit.click();
});
