// Loads the drawing code only where a chart is on the page.
import { island } from "../lib/island.js";

island("[data-chart]", async (place) => {
  const { draw } = await import(place.dataset.src);
  const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  place.hidden = false;
  draw(place, data);
  const table = place.closest("figure")?.querySelector("[data-chart-table]");
  if (table) table.open = false;
});
