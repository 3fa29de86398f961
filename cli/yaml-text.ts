import { type Document, isMap, isScalar } from "yaml";

/**
 * The text of a mapping of mappings with one value changed or added, and every other byte as it was: printing the parsed document would write
 * `[a]` as `[ a ]`. Values that need no quotes only.
 */
export function withValue(text: string, document: Document, [section, key]: readonly [string, string], value: string): string {
  const held = document.getIn([section, key], true);
  if (isScalar(held) && held.range) {
    const [start, end] = held.range;
    const quote = /^["']/.exec(text.slice(start, end))?.[0] ?? "";
    // An empty value stands right behind the colon.
    const space = start === end && text[start - 1] === ":" ? " " : "";
    return `${text.slice(0, start)}${space}${quote}${value}${quote}${text.slice(end)}`;
  }
  const end = endOf(text, document, section);
  if (end !== undefined) return `${text.slice(0, end)}${text[end - 1] === "\n" ? "" : "\n"}${indentOf(text, document, section)}${key}: ${value}\n${text.slice(end)}`;
  document.setIn([section, key], value);
  return document.toString({ lineWidth: 0 });
}

/** Where a section of one key a line ends, its last comments included; undefined for one that is absent, empty or written in braces. */
function endOf(text: string, document: Document, section: string): number | undefined {
  const entries = isMap(document.contents) ? document.contents.items : [];
  const index = entries.findIndex(({ key }) => isScalar(key) && key.value === section);
  const value = entries[index]?.value;
  if (!isMap(value) || value.flow === true || value.items.length === 0) return undefined;
  const next = entries[index + 1]?.key;
  const before = isScalar(next) && next.range ? text.slice(0, next.range[0]) : text;
  // Blank lines and comments without indentation belong to what follows.
  return before.replace(/(?<=\n)(?:[ \t]*\n|#.*(?:\n|$))+$/, "").length;
}

function indentOf(text: string, document: Document, section: string): string {
  const value = document.get(section);
  const first = isMap(value) ? value.items[0]?.key : undefined;
  const start = isScalar(first) && first.range ? first.range[0] : 0;
  return text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
}
