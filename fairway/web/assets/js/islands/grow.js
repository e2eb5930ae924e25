// A text field grows with its text where the browser does not do so by itself (field-sizing).
import { island } from "../lib/island.js";

if (!CSS.supports("field-sizing", "content")) {
  island("textarea[data-grow]", (field) => {
    const grow = () => {
      field.style.height = "auto";
      field.style.height = `${field.scrollHeight + 2}px`;
    };
    field.addEventListener("input", grow);
    if (field.value) grow();
  });
}
