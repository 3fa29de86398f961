/** What a text of JSON documents is made of. */
export interface Found {
  /** A whole document, without the elements that are told one by one. */
  document(text: string): void;
  /** One element of such a list. */
  element(list: string, text: string): void;
  /** A line that belongs to no document. */
  line(text: string): void;
}

const NEWLINE = 10;
const SPACE = 32;
const QUOTE = 34;
const [OPEN_LIST, CLOSE_LIST] = [91, 93];
const [OPEN, CLOSE] = [123, 125];
const BYTE_ORDER_MARK = 0xfeff;
/** A line that is no JSON is shown, if at all, by its beginning. */
const LONGEST_LINE = 2000;
/** Whatever walks through a value calls itself once a level. */
const MOST_LEVELS = 200;

/**
 * Finds JSON documents in a text that comes in chunks and holds other lines too, without keeping the whole: the elements of some lists are handed out
 * as they end, so that of a document that is cut off everything before the cut is found. A document that begins and goes on in one line, as an event
 * does, ends with its line, whole or not.
 */
export class Scanner {
  /** Documents and elements that were cut off, or are nested deeper than anything that the engine writes. */
  cutOff = 0;
  private depth = 0;
  private deepest = 0;
  private inText = false;
  private escaped = false;
  /** Whether the document has to end with its line; undefined until its first character after the brace. */
  private oneLine: boolean | undefined;
  private blank = true;
  /** List whose elements are told one by one, while inside it. */
  private list: string | undefined;
  private readonly kept = { line: "", document: "", element: "" };
  /** Which of these takes the text from `from` on; none between two elements. */
  private into: "line" | "document" | "element" | undefined = "line";
  private from = 0;
  private ahead = { "\\": -1, "\n": -1 };

  constructor(
    private readonly lists: readonly string[],
    private readonly found: Found,
  ) {}

  feed(chunk: string): void {
    this.from = 0;
    this.ahead = { "\\": -1, "\n": -1 };
    for (let at = 0; at < chunk.length; at++) {
      if (this.depth === 0) this.outside(chunk, at);
      // Most of a digest is indentation.
      else if (!this.inText && chunk.charCodeAt(at) === SPACE) continue;
      else if (this.inText) at = this.text(chunk, at);
      else this.inside(chunk, at);
    }
    this.flush(chunk, chunk.length);
  }

  end(): void {
    if (this.depth > 0) this.giveUp();
    else this.endLine();
  }

  private outside(chunk: string, at: number): void {
    const code = chunk.charCodeAt(at);
    if (code === NEWLINE) {
      this.flush(chunk, at + 1);
      this.endLine();
    } else if (code === OPEN && this.blank) {
      this.kept.line = "";
      this.begin("document", at);
      this.depth = 1;
      this.oneLine = undefined;
    } else if (code > 32 && code !== BYTE_ORDER_MARK) this.blank = false;
  }

  private inside(chunk: string, at: number): void {
    const code = chunk.charCodeAt(at);
    if (code === NEWLINE) {
      if (this.oneLine === true) { this.abandon(chunk, at); return; }
      this.oneLine = false;
    } else if (code > 32) this.oneLine ??= true;
    if (code === QUOTE) this.inText = true;
    else if (code === OPEN || code === OPEN_LIST) this.opened(chunk, at, code);
    else if (code === CLOSE || code === CLOSE_LIST) this.closed(chunk, at);
  }

  /** Index of the last character of the text, or of the chunk. */
  private text(chunk: string, from: number): number {
    let at = from;
    while (at < chunk.length) {
      if (this.escaped) {
        this.escaped = false;
        at += 1;
        continue;
      }
      const [quote, backslash, newline] = [chunk.indexOf('"', at), this.next(chunk, "\\", at), this.next(chunk, "\n", at)];
      const end = quote < 0 ? chunk.length : quote;
      if (newline < end && newline < backslash) {
        // JSON has no line break inside a text.
        this.abandon(chunk, newline);
        return newline;
      }
      if (backslash < end) {
        this.escaped = true;
        at = backslash + 1;
      } else {
        this.inText = quote < 0;
        return end;
      }
    }
    return chunk.length;
  }

  /** Where a character comes next in the chunk, beyond it if nowhere; what was found stays known, so that no stretch is searched twice. */
  private next(chunk: string, character: "\\" | "\n", from: number): number {
    if (this.ahead[character] < from) {
      const found = chunk.indexOf(character, from);
      this.ahead[character] = found < 0 ? Infinity : found;
    }
    return this.ahead[character];
  }

  private opened(chunk: string, at: number, code: number): void {
    if (this.list !== undefined && this.depth === 2) this.begin("element", at);
    this.depth += 1;
    this.deepest = Math.max(this.deepest, this.depth);
    if (code !== OPEN_LIST || this.depth !== 2) return;
    this.flush(chunk, at + 1);
    const key = /"(\w+)"\s*:\s*\[$/.exec(this.kept.document.slice(-80))?.[1];
    if (key === undefined || !this.lists.includes(key)) return;
    this.list = key;
    this.into = undefined;
  }

  private closed(chunk: string, at: number): void {
    this.depth -= 1;
    if (this.list !== undefined && this.depth === 2) {
      this.flush(chunk, at + 1);
      this.told(this.take("element"), this.list);
      this.into = undefined;
    } else if (this.list !== undefined && this.depth === 1) {
      this.list = undefined;
      this.begin("document", at);
    } else if (this.depth === 0) {
      this.flush(chunk, at + 1);
      this.told(this.take("document"));
      this.into = "line";
    }
  }

  private told(text: string, list?: string): void {
    if (this.deepest > MOST_LEVELS) this.cutOff += 1;
    else if (list === undefined) this.found.document(text);
    else this.found.element(list, text);
    this.deepest = 0;
  }

  private abandon(chunk: string, at: number): void {
    this.flush(chunk, at + 1);
    this.giveUp();
  }

  /** What has begun as a document is none, or only a part of one. */
  private giveUp(): void {
    const text = this.take("document");
    if (/^\{\s*"/.test(text)) this.cutOff += 1;
    else this.found.line(text.slice(0, LONGEST_LINE));
    this.take("element");
    this.depth = 0;
    this.deepest = 0;
    this.inText = false;
    this.escaped = false;
    this.list = undefined;
    this.into = "line";
    this.blank = true;
  }

  private endLine(): void {
    const line = this.take("line").trim();
    if (line !== "") this.found.line(line);
    this.blank = true;
  }

  private begin(into: "document" | "element", at: number): void {
    this.into = into;
    this.from = at;
  }

  private flush(chunk: string, to: number): void {
    if (this.into === "line") this.kept.line = (this.kept.line + chunk.slice(this.from, Math.min(to, this.from + LONGEST_LINE))).slice(0, LONGEST_LINE);
    else if (this.into !== undefined) this.kept[this.into] += chunk.slice(this.from, to);
    this.from = to;
  }

  private take(which: "line" | "document" | "element"): string {
    const text = this.kept[which];
    this.kept[which] = "";
    return text;
  }
}
