import { existsSync } from "node:fs";
import * as path from "node:path";
import { digestProblems } from "./dataset-image";
import { type Problem, refusal, refuse } from "./refuse";

export interface TrainerImageSource<Registry> {
  readonly image?: string;
  readonly context?: string;
  readonly registry?: Registry;
}

export type TrainerImagePlan<Registry> =
  | { readonly kind: "ready"; readonly image: string }
  | {
      readonly kind: "build";
      /** Folder with the Dockerfile, as a path from the project's folder. */
      readonly context: string;
      readonly registry: Registry;
    };

/** A ready image, or the folder to build one from and the registry to push it to. */
export function planTrainerImage<Registry>(name: string, source: TrainerImageSource<Registry>): TrainerImagePlan<Registry> {
  const subject = `TrainerImage "${name}"`;
  const { image, registry, context = packagedTrainer() } = source;
  if (image !== undefined) {
    refuse(subject, [...digestProblems("AKSFT-TRAINER-01", "image", image), ...besideImage(source)]);
    return { kind: "ready", image };
  }
  if (registry === undefined) throw refusal(subject, [...contextProblems(context), NOWHERE]);
  refuse(subject, contextProblems(context));
  return { kind: "build", context: path.relative(process.cwd(), context), registry };
}

/** A trainer image must name its content: it is the lineage of every adapter that it makes. */
export function checkTrainerImage(name: string, image: string): void {
  planTrainerImage(name, { image });
}

/** This package's own trainer, whether this file runs from `components/plan` or from `dist/components/plan`. */
export function packagedTrainer(): string {
  const root = path.resolve(__dirname, "..", "..");
  return path.join(path.basename(root) === "dist" ? path.dirname(root) : root, "images", "trainer");
}

function contextProblems(folder: string): Problem[] {
  if (existsSync(path.join(folder, "Dockerfile"))) return [];
  const rule = existsSync(folder) ? "has no Dockerfile" : "no such folder";
  return [{ code: "AKSFT-TRAINER-02", path: "context", got: folder, rule, fix: "give the folder of a Dockerfile, as a path from the project's folder" }];
}

const ONE_OF_TWO = "a trainer is a ready image, or is built and pushed to a registry, one of the two";

function besideImage(source: TrainerImageSource<unknown>): Problem[] {
  return (["registry", "context"] as const)
    .filter((key) => source[key] !== undefined)
    .map((key) => ({ code: "AKSFT-TRAINER-03", path: key, got: `${key} beside image`, rule: ONE_OF_TWO, fix: `remove image or ${key}` }));
}

const NOWHERE: Problem = { code: "AKSFT-TRAINER-03", path: "registry", got: undefined, rule: ONE_OF_TWO, fix: "give registry, or image" };
