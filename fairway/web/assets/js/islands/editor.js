// Line numbers follow the text; a finding leads to its line.
import { island } from "../lib/island.js";

const linesOf = (text) => text.split("\n").length;

island("[data-editor]", (editor) => {
  const field = editor.querySelector("textarea");
  const numbers = editor.querySelector(".fy-editor__numbers");
  field.addEventListener("input", () => {
    const wanted = linesOf(field.value);
    for (let number = numbers.childElementCount + 1; number <= wanted; number += 1) {
      const line = document.createElement("span");
      line.id = `n${number}`;
      line.textContent = number;
      numbers.append(line);
    }
    while (numbers.childElementCount > wanted) numbers.lastElementChild.remove();
    field.rows = wanted;
  });
});

island("[data-goto-line]", (link) => {
  link.addEventListener("click", (event) => {
    const field = document.querySelector("[data-editor] textarea");
    const number = document.getElementById(`n${link.dataset.gotoLine}`);
    if (!field || !number) return;
    event.preventDefault();
    const before = field.value.split("\n").slice(0, Number(link.dataset.gotoLine) - 1);
    const start = before.reduce((sum, line) => sum + line.length + 1, 0);
    const end = field.value.indexOf("\n", start);
    field.focus({ preventScroll: true });
    field.setSelectionRange(start, end < 0 ? field.value.length : end);
    number.scrollIntoView({ block: "center" });
  });
});
