// The total of a score card and its grade, while the points are being chosen.
import { island } from "../lib/island.js";

island("[data-total]", (line) => {
  const form = line.closest("form");
  const names = line.dataset.names.split(" ");
  const bounds = line.dataset.bounds.split(" ").map((bound) => bound.split(":"));
  const points = () => names.map((name) => Number(form.elements[name]?.value ?? ""));
  const reckon = () => {
    const given = points();
    line.hidden = given.some((point) => !point);
    if (line.hidden) return;
    const sum = given.reduce((total, point) => total + point, 0);
    const earned = bounds.filter(([, from]) => sum >= Number(from)).sort((a, b) => b[1] - a[1]);
    line.querySelector("[data-total-sum]").textContent = String(sum);
    line.querySelector("[data-total-grade]").textContent = earned[0]?.[0] ?? "–";
  };
  form?.addEventListener("change", reckon);
  reckon();
});
