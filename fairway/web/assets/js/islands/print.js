// A button that prints the page; it shows only where there is script to do it.
import { island } from "../lib/island.js";

island("[data-print]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const fold of document.querySelectorAll("main details:not(.fy-menu)")) fold.open = true;
    window.print();
  });
});
