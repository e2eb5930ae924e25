// A list by keys: j, k and the arrows go from row to row, x chooses, Enter opens, e edits the first cell that can be.
import { island } from "../lib/island.js";

const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable], button, summary";

island("[data-list]", (table) => {
  const rows = () => [...table.querySelectorAll("tr[data-row]")];
  const current = () => table.querySelector("tr[data-row][aria-current]");
  const go = (row) => {
    if (!row) return;
    current()?.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    row.querySelector("a")?.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const all = rows();
    const at = all.indexOf(current());
    go(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by]);
  };
  const acts = {
    j: () => step(1),
    ArrowDown: () => step(1),
    k: () => step(-1),
    ArrowUp: () => step(-1),
    x: () => current()?.querySelector("[data-pick]")?.click(),
    Enter: () => current()?.querySelector("a")?.click(),
    e: () => current()?.querySelector("[data-edit] .fy-pencil")?.click(),
  };
  const press = (event) => {
    if (!table.isConnected) return document.removeEventListener("keydown", press);
    const act = acts[event.key];
    const busy = event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]");
    if (!act || busy || event.target.closest?.(TYPING)) return;
    // Enter on a link or heading is that link's; x and Enter mean nothing before there is a row.
    if (event.key === "Enter" && event.target.closest("a, [data-edit]")) return;
    if (!current() && !/^(j|k|Arrow(Down|Up))$/.test(event.key)) return;
    event.preventDefault();
    act();
  };
  document.addEventListener("keydown", press);
  table.addEventListener("dblclick", (event) => event.target.closest("[data-edit]")?.querySelector(".fy-pencil")?.click());
  table.addEventListener("keydown", (event) => {
    if (event.key === "Escape") event.target.closest(".fy-cell")?.querySelector("[data-cancel]")?.click();
  });
});
