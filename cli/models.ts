import { parseArgs } from "node:util";
import { BASE_MODEL_NAMES, BASE_MODELS, type ModelOrigin, UNSIZED_BASE_MODEL_NAMES, UNSIZED_BASE_MODELS } from "../components/plan/catalogue/base-models";
import { activeParameterCount, parameterCount } from "../components/plan/sizing/parameters";
import { oneOf } from "../components/plan/spelling";
import { UsageError } from "./command";
import { wrapped } from "./wrap";

const SIZED = BASE_MODEL_NAMES.map((name) => BASE_MODELS[name]);
const UNSIZED = UNSIZED_BASE_MODEL_NAMES.map((name) => UNSIZED_BASE_MODELS[name]);
const FAMILIES = distinct(({ family }) => family);
const LICENCES = distinct(({ licence }) => licence);
const INDENT = "\n                           ";

export const HELP = `aks-fine-tuning models: the base models of the catalogue, their size and their terms.

  --family NAME            ${wrapped(FAMILIES.join(", "), 73).join(INDENT)}
  --licence NAME           ${wrapped(LICENCES.join(", "), 73).join(INDENT)}
  --json                   machine-readable, with Hugging Face ids, other names and notes
  --help                   this text

A model is named by its key, its Hugging Face id or another of its names, in any letter case.

Examples
  aks-fine-tuning models --family Llama
  aks-fine-tuning models --licence apache-2.0 --json

Exit codes: 0 done; 2 wrong usage.
`;

/** What the command prints. Throws UsageError for a family or licence that no model has. */
export function models(args: readonly string[]): string {
  const { values } = parseArgs({
    args: [...args],
    options: { family: { type: "string" }, licence: { type: "string" }, json: { type: "boolean", default: false } },
  });
  const family = known("--family", values.family, FAMILIES);
  const licence = known("--licence", values.licence, LICENCES);
  const wanted = (model: ModelOrigin) => (family ?? model.family) === model.family && (licence ?? model.licence) === model.licence;
  const sized = SIZED.filter(wanted).map(rowOf);
  const unsized = UNSIZED.filter(wanted);
  if (values.json) return `${JSON.stringify({ models: sized, withoutDimensions: unsized }, undefined, 2)}\n`;
  return [...table(sized), ...unsizedTable(unsized), ...legend(sized, unsized)].join("\n");
}

function distinct(of: (model: ModelOrigin) => string): readonly string[] {
  return [...new Set([...SIZED, ...UNSIZED].map(of))].sort((one, other) => one.localeCompare(other));
}

function known(option: string, text: string | undefined, all: readonly string[]): string | undefined {
  if (text === undefined) return undefined;
  const found = all.find((each) => each.toLowerCase() === text.toLowerCase());
  if (found === undefined) throw new UsageError(`${option} ${text}: ${oneOf(text, all)}`);
  return found;
}

type Sized = (typeof SIZED)[number];
type Unsized = (typeof UNSIZED)[number];

interface Row extends Sized {
  readonly parametersB: number;
  /** Parameters that compute a token, where not all do. */
  readonly activeParametersB?: number;
  readonly weightsGiB: number;
}

function rowOf(model: Sized): Row {
  const parameters = parameterCount(model);
  const active = model.num_experts === undefined ? {} : { activeParametersB: rounded(activeParameterCount(model) / 1e9) };
  return { ...model, parametersB: rounded(parameters / 1e9), ...active, weightsGiB: rounded((2 * parameters) / 2 ** 30) };
}

function rounded(number: number): number {
  return Number(number.toFixed(3));
}

function table(rows: readonly Row[]): readonly string[] {
  if (rows.length === 0) return [];
  const width = longest(rows);
  const line = (name: string, billions: string, gib: string, context: string, gated: string, licence: string) =>
    `${name.padEnd(width)}${billions.padStart(10)}${gib.padStart(12)}${context.padStart(9)}  ${gated.padEnd(7)}${licence}`;
  return [
    line("Model", "Params B", "16-bit GiB", "Context", "Gated", "Licence"),
    ...rows.map((row) => line(row.name, billionsOf(row), row.weightsGiB.toFixed(1), contextOf(row), gatedOf(row), row.licence)),
    "",
  ];
}

/** Models without dimensions, of which little but their files' size is known. */
function unsizedTable(rows: readonly Unsized[]): readonly string[] {
  if (rows.length === 0) return [];
  const width = longest(rows);
  const line = (name: string, gib: string, context: string, licence: string) => `${name.padEnd(width)}${gib.padStart(11)}${context.padStart(9)}  ${licence}`;
  return [
    "Listed without dimensions: size these by their config.json, with size --config",
    line("Model", "Files GiB", "Context", "Licence"),
    ...rows.map((row) => line(row.name, row.fileGiB.toFixed(1), contextOf(row), row.licence)),
    "",
  ];
}

function longest(rows: readonly ModelOrigin[]): number {
  return Math.max(...rows.map(({ name }) => name.length));
}

function billionsOf({ parametersB }: Row): string {
  return parametersB.toFixed(parametersB < 1 ? 2 : 1);
}

function contextOf({ max_position_embeddings: tokens }: Sized | Unsized): string {
  return `${tokens / 1024}k`;
}

function gatedOf({ gated }: Sized): string {
  if (gated === undefined) return "?";
  return gated ? "yes" : "no";
}

function legend(sized: readonly Row[], unsized: readonly Unsized[]): readonly string[] {
  const count = sized.length + unsized.length;
  if (count === 0) return ["No model has both", ""];
  const unverified = sized.some(({ gated }) => gated === undefined) ? "; ?: whether it is gated was not verified" : "";
  return [`${count} ${count === 1 ? "model" : "models"}${unverified}`, ""];
}
