import type { Loss } from "../../model/losses";
import type { Report } from "../../model/report";
import { type Cell, cell, code, type Line, prose, type Section } from "../parts";

const MOST_FIELDS = 6;

/** What is replaced or deleted with data, GPUs or traffic, what goes with it, and which fields force it. */
export function lossSection({ losses }: Report): Section | undefined {
  if (losses.length === 0) return undefined;
  return {
    title: "Replaced or deleted",
    lead: [],
    body: { kind: "table", heads: ["", "What", "What goes with it", "Because of"], right: [], rows: losses.map(row) },
    rowsAre: ["replaced or deleted thing", "replaced or deleted things"],
  };
}

function row(loss: Loss): readonly Cell[] {
  const action = loss.retained ? "left behind" : loss.takenOver === true ? "taken over" : loss.action === "replace" ? "replaced" : "deleted";
  const guarded: Line = loss.protected ? [" It is protected: the update will be refused until it no longer is."] : [];
  return [cell(action), cell(`${loss.what} `, code(loss.name)), [[prose(loss.consequence), ...(guarded.length > 0 ? [".", ...guarded] : [])]], because(loss)];
}

function because({ action, because: fields }: Loss): Cell {
  if (fields.length === 0) return cell(action === "delete" ? "it is no longer in the program" : "the preview does not say");
  const lines = fields.slice(0, MOST_FIELDS).map(({ path, old, new: after }): Line => {
    if (path === "provider") return ["its cluster is another one"];
    return [code(path), ": ", code(old), " → ", code(after)];
  });
  return fields.length > MOST_FIELDS ? [...lines, [`and ${fields.length - MOST_FIELDS} more`]] : lines;
}
