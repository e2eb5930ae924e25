// Shows a message of a script in the page's toast region.
import { word } from "./words.js";

export function toast(text, tone = "bad") {
  const region = document.getElementById("toasts");
  if (!region) return;
  const box = document.createElement("div");
  box.className = `fy-toast fy-tone--${tone}`;
  box.setAttribute("role", "alert");
  const words = document.createElement("div");
  words.className = "fy-toast__text";
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn-quiet";
  close.textContent = word("close");
  close.addEventListener("click", () => box.remove());
  box.append(words, close);
  region.append(box);
}
