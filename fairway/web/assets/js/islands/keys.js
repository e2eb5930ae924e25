// Keys: Ctrl-K and / lead to the search, Ctrl-Enter sends the form one is in, data-key="n" presses what carries it,
// ? lists them all.
const TYPING = "input, textarea, select, [contenteditable]";

// Shows the dialog of keys, with those of the page at hand.
function list() {
  const dialog = document.getElementById("keys");
  if (!dialog) return;
  const names = dialog.querySelector("dl");
  names.querySelectorAll("[data-of-page]").forEach((element) => element.remove());
  for (const element of document.querySelectorAll("[data-key]")) {
    const key = document.createElement("dt");
    key.append(Object.assign(document.createElement("kbd"), { textContent: element.dataset.key }));
    const words = Object.assign(document.createElement("dd"), { textContent: element.textContent.trim() });
    key.dataset.ofPage = words.dataset.ofPage = "";
    names.append(key, words);
  }
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.(TYPING);
  const control = event.ctrlKey || event.metaKey;
  if ((control && event.key.toLowerCase() === "k") || (!typing && !control && event.key === "/")) {
    const search = document.querySelector("main input[type=search]") ?? document.querySelector("[data-search]");
    if (!search) return;
    event.preventDefault();
    if (control) document.querySelector("[data-search]")?.click();
    else if (search.matches("input")) search.focus();
    else search.click();
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
  const hit = [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === event.key);
  if (!hit) return;
  event.preventDefault();
  hit.click();
});
