// Who follows a notice has read it: the row's own form says so on the way, and the row looks read when one comes back.
import { island } from "../lib/island.js";

island("a[data-reads]", (link) => {
  const row = link.closest(".fy-notice");
  const form = row?.querySelector("form");
  if (!form) return;
  const read = (event) => {
    if (event.type === "auxclick" && event.button !== 1) return;
    if (form.hidden) return;
    fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true, redirect: "manual" });
    form.hidden = true;
    row.classList.remove("fy-notice--unread", "fy-tone--accent");
    row.querySelector(".fy-badge")?.remove();
  };
  link.addEventListener("click", read);
  link.addEventListener("auxclick", read);
});
