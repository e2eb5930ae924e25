// Switches the theme at once; the cookie lets the server send the next page in it, so that nothing flashes.
import { island } from "../lib/island.js";
import { keep } from "../lib/cookie.js";

island("[data-theme-switch]", (form) => {
  form.addEventListener("submit", (event) => {
    const chosen = event.submitter?.value;
    if (!chosen) return;
    event.preventDefault();
    const theme = chosen === "auto" ? "" : chosen;
    keep("theme", theme);
    if (theme) document.documentElement.dataset.bsTheme = theme;
    else delete document.documentElement.dataset.bsTheme;
    document.querySelector('meta[name="color-scheme"]').content = theme || "light dark";
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", button.value === chosen);
    document.dispatchEvent(new CustomEvent("fairway:theme"));
  });
});
