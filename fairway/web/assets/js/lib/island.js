// An island is a function run once for each element that matches a selector, also for those that htmx brings later.
const islands = [];
const started = new WeakMap();

export function island(selector, start) {
  islands.push({ selector, start });
}

export function startAll(root) {
  for (const { selector, start } of islands) {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.unshift(root);
    for (const element of found) {
      const known = started.get(element) ?? new Set();
      if (known.has(start)) continue;
      started.set(element, known.add(start));
      start(element);
    }
  }
}
