import { readFileSync } from "node:fs";
import { datasetProblems, readDataset } from "./dataset";
import { BY_DIGEST } from "./digest";
import { nameProblems } from "./names";
import { type Problem, refusal, refuse } from "./refuse";

/** The rows in a file, or an image that already carries them. */
export type DatasetSource =
  | {
      /** Path of a JSONL file of chat rows, from the project's folder. */
      readonly file: string;
    }
  | {
      /** Reference by digest of an image with `/data/train.jsonl`. Plain, as the digest is the run's content key. */
      readonly image: string;
    };

export type DatasetImagePlan =
  | { readonly kind: "build"; readonly jsonl: string; readonly contentKey: string; readonly rows: number }
  | { readonly kind: "ready"; readonly image: string; readonly contentKey: string; readonly rows: undefined };

/** Reads and checks the rows; nothing is registered for a file with a faulty one. */
export function planDatasetImage(name: string, source: DatasetSource): DatasetImagePlan {
  const subject = `DatasetImage "${name}"`;
  const naming = nameProblems("workload", "name", name);
  if ("image" in source) {
    refuse(subject, [...naming, ...digestProblems("AKSFT-DATA-04", "image", source.image)]);
    return { kind: "ready", image: source.image, contentKey: source.image.slice(-64).slice(0, 16), rows: undefined };
  }
  const text = readText(source.file);
  if (text === undefined) throw refusal(subject, [...naming, missingFile(source.file)]);
  const dataset = readDataset(text);
  if (!("contentKey" in dataset)) throw refusal(subject, [...naming, ...datasetProblems(source.file, dataset)]);
  refuse(subject, naming);
  return { kind: "build", ...dataset };
}

/** The problem of a reference that does not name its content, none or one. */
export function digestProblems(code: Problem["code"], path: string, image: string): Problem[] {
  if (BY_DIGEST.test(image)) return [];
  const moving = /:[\w.-]+$/.test(image) && !image.includes("@");
  return [
    {
      code,
      path,
      got: image,
      rule: moving ? "a tag can move, so the same run could train on other data" : "is not an image reference by digest",
      fix: 'use the form "registry/repository@sha256:…" with 64 hexadecimal digits; crane digest prints it',
    },
  ];
}

function missingFile(file: string): Problem {
  return { code: "AKSFT-DATA-03", path: "file", got: file, rule: "no such file", fix: "give the path from the project's folder" };
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
