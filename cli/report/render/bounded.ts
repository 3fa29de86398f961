import type { Format } from "./format";
import { counted, type Document, type Section } from "./parts";

/** Rows that each section shows before any other shows more. */
const FIRST_ROWS = 5;
/** What the count of left out rows takes at most, beside its words for each section. */
const NOTE = 120;

interface Drawn {
  readonly section: Section;
  readonly opening: string;
  readonly closing: string;
  readonly rows: readonly string[];
}

/** The document in at most so many characters: where they do not do, rows go from the end of their sections, sections from the end, and a note counts them. */
export function bounded(document: Document, format: Format, most: number): string {
  const drawn = document.sections.map((section): Drawn => ({ section, opening: format.opening(section), closing: format.closing(section), rows: format.rows(section) }));
  const top = format.top(document);
  const whole = top + drawn.map(({ opening, rows, closing }) => opening + rows.join("") + closing).join("");
  if (whole.length <= most) return whole;
  return cut(top, drawn, format, most);
}

function cut(top: string, drawn: readonly Drawn[], format: Format, most: number): string {
  const noteRoom = NOTE + drawn.reduce((sum, { section }) => sum + section.rowsAre[1].length + 12, 0);
  let room = most - top.length - noteRoom;
  const least = drawn.map(({ opening, closing, rows }) => frameAnd(opening, closing, rows.slice(0, FIRST_ROWS)));
  let text = top;
  const leftOut: string[] = [];
  drawn.forEach(({ section, opening, closing, rows }, index) => {
    const later = least.slice(index + 1).reduce((sum, length) => sum + length, 0);
    const own = Math.max(room - later, Math.min(room, least[index] ?? 0));
    const fitting = rowsWithin(rows, own - opening.length - closing.length);
    if (fitting === 0 && (rows.length > 0 || opening.length + closing.length > own)) {
      leftOut.push(rows.length > 0 ? counted(rows.length, ...section.rowsAre) : `"${section.title}"`);
      return;
    }
    const shown = opening + rows.slice(0, fitting).join("") + closing;
    text += shown;
    room -= shown.length;
    if (fitting < rows.length) leftOut.push(counted(rows.length - fitting, ...section.rowsAre));
  });
  return text + (leftOut.length > 0 ? format.note(`Left out, as a report has at most ${most} characters: ${leftOut.join(", ")}.`) : "");
}

function frameAnd(opening: string, closing: string, rows: readonly string[]): number {
  return opening.length + closing.length + rows.reduce((sum, row) => sum + row.length, 0);
}

function rowsWithin(rows: readonly string[], room: number): number {
  let used = 0;
  for (const [index, row] of rows.entries()) {
    used += row.length;
    if (used > room) return index;
  }
  return room < 0 ? 0 : rows.length;
}
