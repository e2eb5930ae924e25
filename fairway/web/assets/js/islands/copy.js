// A button that copies a text; it shows only where the browser can.
import { island } from "../lib/island.js";

island("[data-copy]", (button) => {
  const source = document.querySelector(button.dataset.copy);
  if (!source || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.textContent);
    button.classList.add("btn-primary");
  });
});
