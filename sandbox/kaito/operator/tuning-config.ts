import * as yaml from "yaml";
import type { ConfigMap } from "./objects";

export interface TrainingConfig {
  /** Where the results are mounted; undefined where the trainer writes elsewhere, so that nothing is ever pushed. */
  readonly pushedFrom: string | undefined;
  /** Where KAITO's controller mounts the results. */
  readonly outputDirectory: string;
  readonly rank: number;
}

/** What of a ConfigMap's `training_config.yaml` the controller and the trainer read. Throws what the controller says. */
export function trainingConfig(map: ConfigMap): TrainingConfig {
  const source = map.data?.["training_config.yaml"];
  if (source === undefined) throw new Error("ConfigMap does not contain 'training_config.yaml'");
  const config = entries(entries(yaml.parse(source))["training_config"]);
  const given = entries(config["TrainingArguments"])["output_dir"];
  const rank = entries(config["LoraConfig"])["r"];
  const outputDirectory = typeof given !== "string" ? "/mnt/output" : given.startsWith("/mnt") ? given : `/mnt/${given}`;
  return {
    outputDirectory,
    // The controller and the trainer disagree about a directory that is left out or relative.
    pushedFrom: given === outputDirectory ? outputDirectory : undefined,
    rank: typeof rank === "number" ? rank : 8,
  };
}

function entries(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
