import { clean } from "../clean";
import { type JsonObject, numberOf, textOf } from "../read/json";

/** What the component of a run or a service says of KAITO, where that has it. */
export interface ByKaito {
  readonly version: string;
  /** Nodes of a run, or of each copy of a service, each taken whole. */
  readonly nodes: number;
  /** Whether KAITO makes them: no pool in the preview has them then. */
  readonly makesNodes: boolean;
  /** Copies that the service is declared with, also while its adapters are still to come. */
  readonly replicas: number;
}

export function byKaito(inputs: JsonObject): ByKaito | undefined {
  if (inputs["engine"] !== "kaito") return undefined;
  return {
    version: clean(textOf(inputs["kaitoVersion"]) ?? "of an unknown version", 30),
    nodes: numberOf(inputs["nodes"]) ?? 1,
    makesNodes: inputs["nodeSelector"] === undefined,
    replicas: numberOf(inputs["replicas"]) ?? 1,
  };
}

/** What a run's or a service's own nodes are called, and selected by, as if they were a pool's. */
export function kaitoPoolName(kind: "run" | "service", name: string): string {
  return `${name} (KAITO ${kind})`;
}
