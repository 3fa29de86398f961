import { RunError } from "@pulumi/pulumi/errors";
import { wordIn } from "./cells";
import type { Configuration } from "./measured-file";
import { METRICS, NotCovered, type Prediction } from "./prediction";
import { predictServing } from "./serving-rows";
import { predictTuning } from "./tuning-rows";

/** What the estimators say of a row, from its configuration alone. */
export function predict(row: Configuration): Prediction {
  try {
    const task = wordIn(row, "task", ["tune", "serve"]);
    wordIn(row, "metric", METRICS);
    return task === "serve" ? predictServing(row) : predictTuning(row);
  } catch (error) {
    // An estimator refuses numbers that no run has.
    if (error instanceof NotCovered || RunError.isInstance(error)) return { covered: false, why: error.message.replaceAll(/\s*\n\s*/g, " ") };
    throw error;
  }
}
