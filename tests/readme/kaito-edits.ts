import { KAITO_EDITS, type KaitoEdit } from "../support/kaito-edits";
import type { KaitoKind } from "../support/kaito-serving";
import { markdownTable } from "./markdown";

/** Every edit of a service that runs: what KAITO makes of it, and what an update plans instead, each of which is tested. */
export function kaitoEditsTable(): string {
  return markdownTable(["Edit", "KAITO", "What an update plans", "Why"], KAITO_EDITS.map(row));
}

function row(edit: KaitoEdit): string[] {
  const planned = edit.code === undefined ? edit.planned : `${edit.planned}, \`${edit.code}\``;
  return [edit.title, verdictOf(edit), planned, linked(edit.why)];
}

/** One word where both kinds of object take it alike. */
function verdictOf({ kinds, kaito }: KaitoEdit): string {
  const told = (["InferenceSet", "Workspace"] as const satisfies readonly KaitoKind[]).flatMap((kind) => (kaito[kind] === undefined ? [] : [[kind, kaito[kind]] as const]));
  const verdicts = new Set(told.map(([, verdict]) => verdict));
  if (verdicts.size === 1 && kinds.length > 1) return [...verdicts].join("");
  return told.map(([kind, verdict]) => `${verdict} (${kind})`).join(", ");
}

function linked(why: string): string {
  return why.replace(/https:\/\/\S+/g, "<$&>").replaceAll("|", "\\|");
}
