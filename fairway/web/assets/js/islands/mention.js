// After an @ the names of colleagues are offered below the text; arrows and Enter choose, Escape leaves.
import { island } from "../lib/island.js";

let known = null;
const names = (url) => (known ??= fetch(url, { headers: { Accept: "application/json" } }).then((answer) => answer.json()).catch(() => []));

island("[data-mention]", (area) => {
  const list = document.createElement("ul");
  list.className = "fy-names";
  list.hidden = true;
  list.id = `names-${Math.random().toString(36).slice(2)}`;
  list.setAttribute("role", "listbox");
  area.after(list);
  area.setAttribute("aria-controls", list.id);
  area.setAttribute("aria-autocomplete", "list");
  let at = -1;

  const close = () => {
    list.hidden = true;
    list.replaceChildren();
    area.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    const items = [...list.children];
    at = (index + items.length) % items.length;
    items.forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
    area.setAttribute("aria-activedescendant", items[at].id);
  };
  const choose = (name) => {
    const end = area.selectionStart;
    const start = area.value.lastIndexOf("@", end - 1);
    area.setRangeText(`@${name} `, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    close();
    area.focus();
  };
  const offer = async () => {
    const before = area.value.slice(0, area.selectionStart);
    const typed = /(?:^|[^A-Za-z0-9.])@([^\s@]{0,30})$/.exec(before);
    if (!typed) return close();
    const wanted = typed[1].toLowerCase();
    const found = (await names(area.dataset.mention)).filter((one) => one.toLowerCase().includes(wanted)).slice(0, 8);
    if (!found.length || (found.length === 1 && found[0] === typed[1])) return close();
    list.replaceChildren(
      ...found.map((name, index) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${index}`;
        item.setAttribute("role", "option");
        item.textContent = name;
        item.addEventListener("mousedown", (press) => {
          press.preventDefault();
          choose(name);
        });
        return item;
      }),
    );
    list.hidden = false;
    mark(0);
  };
  area.addEventListener("input", offer);
  area.addEventListener("blur", close);
  area.addEventListener("keydown", (press) => {
    if (list.hidden) return;
    const keys = {
      ArrowDown: () => mark(at + 1),
      ArrowUp: () => mark(at - 1),
      Enter: () => choose(list.children[at].textContent),
      Tab: () => choose(list.children[at].textContent),
      Escape: close,
    };
    if (!keys[press.key]) return;
    press.preventDefault();
    press.stopPropagation();
    keys[press.key]();
  });
});
