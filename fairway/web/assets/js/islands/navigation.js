// Makes the side navigation narrow or wide, and remembers it.
import { island } from "../lib/island.js";
import { keep } from "../lib/cookie.js";

island("[data-nav-toggle]", (button) => {
  const root = document.documentElement;
  const show = () => button.setAttribute("aria-pressed", root.dataset.nav === "narrow");
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    if (root.dataset.nav === "narrow") delete root.dataset.nav;
    else root.dataset.nav = "narrow";
    keep("nav", root.dataset.nav ?? "");
    show();
  });
});
