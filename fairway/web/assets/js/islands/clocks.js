// Clocks and relative times go on while the page is open.
import { SOON, duration, secondsUntil } from "../lib/time.js";
import { word } from "../lib/words.js";

const TONES = ["fy-tone--bad", "fy-tone--warn", "fy-tone--neutral"];

function clock(element, now) {
  const seconds = secondsUntil(element, now);
  const late = seconds < 0;
  element.classList.remove(...TONES);
  element.classList.add(late ? TONES[0] : seconds <= SOON ? TONES[1] : TONES[2]);
  element.lastElementChild.textContent = late ? word("overdue", duration(-seconds)) : word("left", duration(seconds));
}

function ago(element, now) {
  const seconds = -secondsUntil(element, now);
  if (Math.abs(seconds) < 60) element.textContent = word("now");
  else element.textContent = seconds < 0 ? word("soon", duration(-seconds)) : word("ago", duration(seconds));
}

function refresh() {
  const now = Date.now();
  document.querySelectorAll("time[data-clock]").forEach((element) => clock(element, now));
  document.querySelectorAll("time[data-ago]").forEach((element) => ago(element, now));
}

setInterval(() => document.hidden || refresh(), 30_000);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
