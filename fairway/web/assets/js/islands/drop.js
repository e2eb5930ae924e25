// A file may be dropped on the whole field, not only chosen.
import { island } from "../lib/island.js";

island("[data-drop]", (place) => {
  const input = place.querySelector("input[type=file]");
  const over = (on) => place.classList.toggle("fy-drop--over", on);
  place.addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  place.addEventListener("dragleave", () => over(false));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
});
