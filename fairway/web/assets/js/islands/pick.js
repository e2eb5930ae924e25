// One tick box at the head of a table chooses all of its rows; hidden until there is script to do it.
import { island } from "../lib/island.js";

island("[data-pick-all]", (all) => {
  const table = all.closest("table");
  const boxes = () => [...table.querySelectorAll("[data-pick]")];
  const settle = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
  };
  all.closest("label").hidden = false;
  all.addEventListener("change", () => boxes().forEach((box) => (box.checked = all.checked)));
  table.addEventListener("change", (event) => event.target.matches("[data-pick]") && settle());
});
