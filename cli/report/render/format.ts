import type { Document, Section } from "./parts";

/** How a format writes a document. Each string is whole by itself: any number of rows between opening and closing is balanced. */
export interface Format {
  /** Marker, heading and verdict. */
  top(document: Document): string;
  /** What stands before and after the rows of a section. */
  opening(section: Section): string;
  closing(section: Section): string;
  rows(section: Section): readonly string[];
  /** A sentence of our own after everything. */
  note(text: string): string;
}
