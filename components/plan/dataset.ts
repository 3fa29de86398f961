import { canonicalJson, sha256 } from "./digest";
import type { Problem } from "./refuse";

export const ROLES = ["system", "user", "assistant"] as const;
export type Role = (typeof ROLES)[number];

/** One training row: a conversation as chat templates take it. */
export interface ChatRow {
  readonly messages: readonly { readonly role: Role; readonly content: string }[];
}

export interface Dataset {
  readonly rows: number;
  /** Hash of the canonical content: equal rows in equal order give an equal key, whatever their spacing. */
  readonly contentKey: string;
  /** The canonical rows, one JSON object a line: what the image carries. */
  readonly jsonl: string;
}

/** A fault of a data file, by line. */
export interface DatasetFault {
  readonly line: number;
  readonly got: string;
  readonly rule: string;
}

/** How many faulty lines a message lists before it counts the rest. */
const FAULTS_SHOWN = 5;

/**
 * Reads chat rows from JSONL: `{"messages": […]}` with roles system, user and assistant, or `{"prompt", "completion"}`.
 * Both are the conversational and prompt-completion formats of TRL's SFTTrainer: https://huggingface.co/docs/trl/dataset_formats
 */
export function readDataset(text: string): Dataset | readonly DatasetFault[] {
  const faults: DatasetFault[] = [];
  const lines: string[] = [];
  text.split(/\r?\n/).forEach((source, index) => {
    if (source.trim() === "") return;
    const row = readRow(source);
    if (typeof row === "string") faults.push({ line: index + 1, got: source.slice(0, 80), rule: row });
    else lines.push(canonicalJson(row));
  });
  if (faults.length > 0) return faults;
  if (lines.length === 0) return [{ line: 1, got: "", rule: "has no rows" }];
  const jsonl = `${lines.join("\n")}\n`;
  return { rows: lines.length, contentKey: sha256(jsonl).slice(0, 16), jsonl };
}

/** The faults as refusals, the first few by line and the rest counted. */
export function datasetProblems(file: string, faults: readonly DatasetFault[]): Problem[] {
  const listed = faults.slice(0, FAULTS_SHOWN).map(
    ({ line, got, rule }): Problem => ({
      code: "AKSFT-DATA-01",
      path: `${file}:${line}`,
      got,
      rule,
      fix: 'write rows as {"messages": [{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]}',
    }),
  );
  const rest = faults.length - listed.length;
  if (rest <= 0) return listed;
  return [
    ...listed,
    { code: "AKSFT-DATA-02", path: file, got: faults.length, rule: `${rest} more lines are faulty`, fix: "mend the file" },
  ];
}

/** The row, or the rule it breaks. */
function readRow(source: string): ChatRow | string {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    return "is not JSON";
  }
  if (!isObject(value)) return "is not an object";
  if (typeof value["prompt"] === "string" && typeof value["completion"] === "string") {
    const { prompt, completion } = value;
    if (prompt.trim() === "") return "has an empty prompt";
    if (completion.trim() === "") return "has an empty completion";
    return { messages: [{ role: "user", content: prompt }, { role: "assistant", content: completion }] };
  }
  return readMessages(value["messages"]);
}

function readMessages(value: unknown): ChatRow | string {
  if (!Array.isArray(value) || value.length === 0) return 'has no "messages" list, nor "prompt" and "completion"';
  const messages: { role: Role; content: string }[] = [];
  for (const [index, message] of value.entries()) {
    if (!isObject(message)) return `messages[${index}] is not an object`;
    const { role, content } = message;
    const known = ROLES.find((candidate) => candidate === role);
    if (!known) return `messages[${index}].role must be one of ${ROLES.join(", ")}`;
    if (typeof content !== "string" || content.trim() === "") return `messages[${index}].content is empty or not text`;
    messages.push({ role: known, content });
  }
  if (!messages.some(({ role }) => role === "assistant")) return "has no assistant message, so nothing to learn";
  return { messages };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
