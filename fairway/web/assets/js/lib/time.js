// The same reckoning as fairway/web/formats.py, so that a clock goes on without a reload.
import { word } from "./words.js";

export const SOON = 24 * 3600;

export function duration(seconds) {
  if (seconds < 3600) return word("minutes", Math.max(1, Math.floor(seconds / 60)));
  if (seconds < 2 * 86400) return word("hours", Math.floor(seconds / 3600));
  return word("days", Math.floor(seconds / 86400));
}

export function secondsUntil(element, now) {
  return Math.trunc((Date.parse(element.dateTime) - now) / 1000);
}
