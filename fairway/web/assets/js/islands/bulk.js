// The bar below a list says how many rows are chosen, and is there once there is one.
import { island } from "../lib/island.js";

island("[data-bulk]", (bar) => {
  const words = bar.querySelector("[data-bulk-count]");
  const all = bar.querySelector("[name=all]");
  const settle = () => {
    const chosen = document.querySelectorAll(`[data-pick]:checked`).length;
    words.textContent = words.dataset.bulkCount.replace("{}", chosen);
    bar.hidden = !chosen && !all.checked;
  };
  // The boxes stand in the table, which comes and goes with the bar.
  document.querySelector("[data-list]")?.addEventListener("change", settle);
  bar.addEventListener("change", settle);
  settle();
});
