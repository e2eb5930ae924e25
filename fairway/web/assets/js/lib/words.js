// The words that scripts show, in the reader's language, as the page carries them.
let words;

export function word(key, value = "") {
  words ??= JSON.parse(document.getElementById("words")?.textContent || "{}");
  return (words[key] ?? "").replace("{}", value);
}
