import { readFileSync } from "node:fs";
import { datasetProblems, readDataset } from "./dataset";
import { BY_DIGEST } from "./digest";
import { nameProblems } from "./names";
import { type Problem, refusal, refuse } from "./refuse";
import { repositoryProblems } from "./registry/repositories";

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

/** How an image of rows is built. */
export interface DatasetImageDecisions {
  /** Repository inside the registry, of an image that is built here. @default "datasets/NAME" */
  readonly repository?: string;
  /** What builds the image: the Docker daemon of whoever runs `pulumi up`, never during a preview. A ready image needs none. @default "docker" */
  readonly builder?: "docker";
}

export type DatasetImagePlan =
  | { readonly kind: "build"; readonly jsonl: string; readonly contentKey: string; readonly rows: number; readonly repository: string }
  | { readonly kind: "ready"; readonly image: string; readonly contentKey: string; readonly rows: undefined };

/** Reads and checks the rows; nothing is registered for a file with a faulty one. */
export function planDatasetImage(name: string, source: DatasetSource & DatasetImageDecisions): DatasetImagePlan {
  const subject = `DatasetImage "${name}"`;
  const { repository = `datasets/${name}` } = source;
  const faults = [...nameProblems("workload", "name", name), ...sourceProblems(source), ...builderProblems(source.builder)];
  if ("image" in source) {
    refuse(subject, [...faults, ...digestProblems("AKSFT-DATA-04", "image", source.image)]);
    return { kind: "ready", image: source.image, contentKey: source.image.slice(-64).slice(0, 16), rows: undefined };
  }
  // A faulty name makes the default faulty too, and is told by itself.
  const naming = source.repository === undefined ? [] : repositoryProblems("AKSFT-DATA-05", "repository", source.repository);
  const text = readText(source.file);
  if (text === undefined) throw refusal(subject, [...faults, ...naming, missingFile(source.file)]);
  const dataset = readDataset(text);
  if (!("contentKey" in dataset)) throw refusal(subject, [...faults, ...naming, ...datasetProblems(source.file, dataset)]);
  refuse(subject, [...faults, ...naming]);
  return { kind: "build", ...dataset, repository };
}

/** A name, a tag if there is one, and a digest if there is one. A colon before a slash is a port's. */
const REFERENCE = /^(.+?)(?::([^/@:]+))?(?:@(.*))?$/;

/** The problems of a reference that does not name its content. */
export function digestProblems(code: Problem["code"], path: string, image: string): Problem[] {
  if (BY_DIGEST.test(image)) return [];
  const [, name = "", tag, digest] = REFERENCE.exec(image) ?? [];
  const lower = `${name.toLowerCase()}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest.toLowerCase()}`}`;
  const spelled: Problem[] =
    lower === image ? [] : [{ code, path, got: image, rule: "registry, repository and digest are written in lower case", fix: `write "${lower}"` }];
  if (BY_DIGEST.test(lower)) return spelled;
  const moving = tag !== undefined && digest === undefined;
  return [
    ...spelled,
    {
      code,
      path,
      got: image,
      rule: moving ? "a tag can move, so the same run could train on other data" : "is not an image reference by digest",
      fix: 'use the form "registry/repository@sha256:…" with 64 hexadecimal digits; crane digest prints it',
    },
  ];
}

function sourceProblems(source: object): Problem[] {
  const given = ["file", "image"].filter((key) => key in source);
  if (given.length === 1) return [];
  const rule = "a dataset comes from a file or from a ready image, from one of the two";
  const fix = given.length > 1 ? "remove file or image" : 'give file, for example "data/tickets.jsonl", or image';
  return [{ code: "AKSFT-DATA-06", path: "file", got: given.length > 1 ? given : undefined, rule, fix }];
}

function builderProblems(builder: string | undefined): Problem[] {
  if (builder === undefined || builder === "docker") return [];
  const rule = "images are built by docker; a registry's own tasks cannot build into one that is private";
  return [{ code: "AKSFT-DATA-07", path: "builder", got: builder, rule, fix: 'use "docker", or build the image elsewhere and give it as image' }];
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
