// Help opens in a dialog over the page; htmx has asked for its content by the same link.
import { island } from "../lib/island.js";

island("a[data-help]", (link) => {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    document.getElementById("help")?.showModal();
  });
});
