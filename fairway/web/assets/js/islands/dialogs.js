// Opens dialogs where the browser does not know commandfor yet, and those that the server wants open at once.
import { island } from "../lib/island.js";

island("dialog[data-dialog-open]", (dialog) => dialog.open || dialog.showModal());

island("button[data-dialog]", (button) => {
  if ("commandForElement" in button) return;
  button.addEventListener("click", () => document.getElementById(button.dataset.dialog)?.showModal());
});

// A click beside the dialog closes it, unless something was typed in it.
island("dialog.fy-dialog", (dialog) => {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && !dialog.querySelector("form[data-dirty]")) dialog.close();
  });
});
