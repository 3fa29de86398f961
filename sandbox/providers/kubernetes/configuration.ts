import type { DiffRequest, DiffResult, PropertyChange } from "../stand-in";
import { known, type Properties, Secret, Unknown, type Value } from "../values";
import { activeClusterEntry } from "./kubeconfig";

/** The provider resource's arguments that the stand-in reads. */
export interface Configuration {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly cluster: string | undefined;
  readonly namespace: string | undefined;
  readonly serverSideApply: boolean;
  readonly upsertExistingObjects: boolean;
  readonly patchForce: boolean;
  readonly configMapMutable: boolean;
  readonly secretMutable: boolean;
  readonly deleteUnreachable: boolean;
  readonly skipUpdateUnreachable: boolean;
}

export function parseConfiguration(config: Properties): Configuration {
  return {
    kubeconfig: text(config["kubeconfig"]),
    context: text(config["context"]),
    cluster: text(config["cluster"]),
    namespace: text(config["namespace"]),
    serverSideApply: text(config["enableServerSideApply"]) !== "false",
    upsertExistingObjects: flag(config["upsertExistingObjects"]),
    patchForce: flag(config["enablePatchForce"]),
    configMapMutable: flag(config["enableConfigMapMutable"]),
    secretMutable: flag(config["enableSecretMutable"]),
    deleteUnreachable: flag(config["deleteUnreachable"]),
    skipUpdateUnreachable: flag(config["skipUpdateUnreachable"]),
  };
}

/** Provider arguments travel as text; a kubeconfig given as an object arrives as JSON, which is YAML too. */
function text(value: Value | undefined): string | undefined {
  const plain = value === undefined ? undefined : known(value);
  if (plain === undefined || plain === null || plain === "") return undefined;
  return typeof plain === "string" ? plain : JSON.stringify(plain);
}

function flag(value: Value | undefined): boolean {
  return text(value) === "true";
}

/**
 * Whether a changed provider means another cluster, and so replaces everything in it (pulumi-kubernetes,
 * provider/pkg/provider/provider.go, DiffConfig): an identifier that changed does, one that stayed never does, and
 * without one it is the cluster entry of the kubeconfig that decides, or a kubeconfig that is not known yet.
 */
export function diffConfiguration({ oldInputs, olds, news }: DiffRequest): DiffResult {
  const old = Object.keys(oldInputs).length > 0 ? oldInputs : olds;
  const keys = [...new Set([...Object.keys(old), ...Object.keys(news)])];
  const changed = keys.filter((key) => key !== "version" && differs(old[key], news[key]));
  if (changed.length === 0) return { changes: "none" };

  const identified = text(news["clusterIdentifier"]) !== undefined && !changed.includes("clusterIdentifier");
  const replaces = identified ? [] : replacing(old, news, changed);
  const detailed = changed.map((key): [string, PropertyChange] => {
    const change = old[key] === undefined ? "add" : news[key] === undefined ? "delete" : "update";
    return [key, replaces.includes(key) ? `${change}-replace` : change];
  });
  return { changes: "some", replaces, detailed: Object.fromEntries(detailed) };
}

function replacing(old: Properties, news: Properties, changed: readonly string[]): readonly string[] {
  const identifier = ["clusterIdentifier"].filter(
    (key) => changed.includes(key) && old[key] !== undefined && news[key] !== undefined,
  );
  const unknown = ["kubeconfig", "context", "cluster"].filter((key) => bare(news[key]) instanceof Unknown);
  if (unknown.length > 0) return [...identifier, ...unknown.slice(0, 1)];
  return activeCluster(old) === activeCluster(news) ? identifier : changed;
}

function activeCluster(inputs: Properties): string {
  const overrides = { context: text(inputs["context"]), cluster: text(inputs["cluster"]) };
  return activeClusterEntry(text(inputs["kubeconfig"]), overrides);
}

function bare(value: Value | undefined): Value | undefined {
  return value instanceof Secret ? bare(value.value) : value;
}

function differs(old: Value | undefined, news: Value | undefined): boolean {
  return bare(news) instanceof Unknown || text(old) !== text(news);
}
