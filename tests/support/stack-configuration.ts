import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { byDigest } from "./tiny-recipe";

const PROJECT = path.resolve(__dirname, "..", "..");

interface StackFile {
  readonly config: Readonly<Record<string, unknown>>;
}

/** Images that the environment must name by digest. */
export const IMAGES = {
  weightsImage: byDigest("mlreg.azurecr.io/models/tiny", "c"),
  trainerImage: byDigest("mlreg.azurecr.io/trainer", "a"),
  servingImage: byDigest("mlreg.azurecr.io/vllm-openai", "e"),
  devicePluginImage: byDigest("mlreg.azurecr.io/k8s-device-plugin", "f"),
  metricsExporterImage: byDigest("mlreg.azurecr.io/dcgm-exporter", "0"),
};

/** The dev stack's configuration, with whatever a test changes; undefined leaves a key out. */
export function devConfiguration(changes: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  return stackConfiguration("dev", changes);
}

/** A stack's configuration as Pulumi hands it to the program, with images and whatever a test changes. */
export function stackConfiguration(stack: string, changes: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  const file: StackFile = parse(readFileSync(path.join(PROJECT, `Pulumi.${stack}.yaml`), "utf8"));
  const given = Object.entries(file.config).map(([key, value]) => [key.replace("aks-fine-tuning:", ""), value]);
  const defaults = Object.entries(declaredKeys()).map(([key, declared]) => [key, declared.default]);
  const all: Record<string, unknown> = { ...Object.fromEntries([...defaults, ...given]), ...IMAGES, ...changes };
  return Object.fromEntries(
    Object.entries(all).flatMap(([key, value]) =>
      value === undefined ? [] : [[`aks-fine-tuning:${key}`, typeof value === "string" ? value : JSON.stringify(value)]],
    ),
  );
}

/** A configuration key as Pulumi.yaml declares it. */
export interface DeclaredKey {
  readonly type: string;
  readonly description?: string;
  readonly default?: unknown;
}

export function declaredKeys(): Readonly<Record<string, DeclaredKey>> {
  const file: { readonly config: Readonly<Record<string, DeclaredKey>> } = parse(readFileSync(path.join(PROJECT, "Pulumi.yaml"), "utf8"));
  return file.config;
}
