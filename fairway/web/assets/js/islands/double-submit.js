// One press, one request: a form that is on its way is not sent again. A form with data-again may be.
import { island } from "../lib/island.js";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || "again" in form.dataset) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "true";
  event.submitter?.setAttribute("aria-busy", "true");
});

// htmx would queue the second press and send it after the first.
island("form:is([hx-post], [hx-put], [hx-patch], [hx-delete]), button:is([hx-post], [hx-put], [hx-patch], [hx-delete])", (element) => {
  if (!element.closest("[hx-sync]")) element.setAttribute("hx-sync", "this:drop");
});
document.addEventListener("htmx:beforeRequest", ({ detail: { requestConfig } }) => {
  if (requestConfig.verb !== "get") requestConfig.triggeringEvent?.submitter?.setAttribute("aria-busy", "true");
});

function ready(root) {
  for (const form of root.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of root.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
}

// The page came back from the browser's memory, or htmx has its answer.
window.addEventListener("pageshow", () => ready(document));
document.addEventListener("htmx:afterRequest", () => ready(document));
