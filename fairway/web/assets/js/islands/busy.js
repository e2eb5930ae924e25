// Shows that htmx waits, says when a request failed, and puts whole-page refusals where they can be read.
import { toast } from "../lib/toast.js";
import { word } from "../lib/words.js";

let waiting = 0;

function count(step) {
  waiting = Math.max(0, waiting + step);
  document.documentElement.classList.toggle("fy-busy", waiting > 0);
}

document.addEventListener("htmx:beforeRequest", () => count(1));
document.addEventListener("htmx:afterRequest", () => count(-1));
document.addEventListener("htmx:responseError", () => toast(word("fault")));
document.addEventListener("htmx:sendError", () => toast(word("offline")));
document.addEventListener("htmx:timeout", () => toast(word("offline")));
document.addEventListener("htmx:beforeSwap", (event) => {
  const panel = document.getElementById("panel");
  if (panel && [403, 404].includes(event.detail.xhr.status)) event.detail.target = panel;
});
