// Toasts go after a while (those that warn stay), wait while one looks at them, and can be closed.
import { island } from "../lib/island.js";

const SHOWN = 6000;

island("[data-toast]", (box) => {
  const button = box.querySelector("[data-toast-close]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => box.remove());
  }
  if (box.dataset.toast === "stay") return;
  let timer = setTimeout(() => box.remove(), SHOWN);
  box.addEventListener("pointerenter", () => clearTimeout(timer));
  box.addEventListener("pointerleave", () => {
    timer = setTimeout(() => box.remove(), SHOWN / 2);
  });
});
