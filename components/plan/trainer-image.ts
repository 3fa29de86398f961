import * as path from "node:path";
import { digestProblems } from "./dataset-image";
import { refuse } from "./refuse";

/** A trainer image must name its content: it is the lineage of every adapter that it makes. */
export function checkTrainerImage(name: string, image: string): void {
  refuse(`TrainerImage "${name}"`, digestProblems("AKSFT-TRAINER-01", "image", image));
}

/** This package's own trainer, whether this file runs from `components/plan` or from `dist/components/plan`. */
export function packagedTrainer(): string {
  const root = path.resolve(__dirname, "..", "..");
  return path.join(path.basename(root) === "dist" ? path.dirname(root) : root, "images", "trainer");
}
