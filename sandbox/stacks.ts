import { mkdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { parseDocument } from "yaml";
import { DEFAULT_STACK, sandboxEnvironment } from "./environment";
import { readText, writeIfChanged } from "./files";
import { type Home, PROJECT_ROOT } from "./home";
import { capture, type Finished } from "./run-command";

/** Values that only this machine knows: images by digest, and the dataset if another was asked for. */
export type SandboxValues = Readonly<Record<string, string>>;

/** Writes a stack's file: what the checkout says, with the sandbox's values in place. The salt of its secrets stays. */
export function writeStackFile(home: Home, values: SandboxValues, stack = DEFAULT_STACK): void {
  const document = parseDocument(readFileSync(path.join(PROJECT_ROOT, `Pulumi.${stack}.yaml`), "utf8"));
  for (const [key, value] of Object.entries(values)) document.setIn(["config", `aks-fine-tuning:${key}`], value);
  const former = parseDocument(readText(home.stackFile(stack)) ?? "");
  const salt = former.get("encryptionsalt");
  if (typeof salt === "string") document.set("encryptionsalt", salt);
  writeIfChanged(home.stackFile(stack), document.toString());
}

const IMAGE_KEYS = ["weightsImage", "trainerImage", "servingImage", "devicePluginImage", "metricsExporterImage"];

/** Makes another stack of the checkout ready for commands: its file, with the images that a demo has put into this sandbox. */
export async function prepareStack(home: Home, stack: string): Promise<void> {
  const demo = parseDocument(readText(home.stackFile(DEFAULT_STACK)) ?? "");
  const images = IMAGE_KEYS.flatMap((key) => {
    const image = demo.getIn(["config", `aks-fine-tuning:${key}`]);
    return typeof image === "string" ? [[key, image] as const] : [];
  });
  writeStackFile(home, Object.fromEntries(images), stack);
  await ensureStack(home, sandboxEnvironment(home, stack), stack);
}

export type Environment = Readonly<Record<string, string>>;

/** Runs Pulumi on the sandbox's stack. */
export function pulumi(args: readonly string[], environment: Environment, onLine?: (line: string) => void): Promise<Finished> {
  return capture(["pulumi", ...args, "--non-interactive"], { environment, cwd: PROJECT_ROOT, onLine });
}

/** As `pulumi`, for commands whose failure ends the demo. */
export async function pulumiOrThrow(args: readonly string[], environment: Environment): Promise<string> {
  const { code, stdout, stderr } = await pulumi(args, environment);
  if (code !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${stderr || stdout}`);
  return stdout;
}

/**
 * Makes the stack where it is not there yet, and selects it. It is made from a folder with nothing but the project file: `stack init`
 * writes a stack file beside it, which must not appear in the checkout.
 */
export async function ensureStack(home: Home, environment: Environment, stack = DEFAULT_STACK): Promise<void> {
  const selected = await pulumi(["stack", "select", stack], environment);
  if (selected.code === 0) return;
  const scratch = path.join(home.dir, "project");
  mkdirSync(scratch, { recursive: true });
  mkdirSync(home.pulumi, { recursive: true });
  writeIfChanged(path.join(scratch, "Pulumi.yaml"), readFileSync(path.join(PROJECT_ROOT, "Pulumi.yaml"), "utf8"));
  await pulumiOrThrow(["stack", "init", stack, "--no-select", "-C", scratch], environment);
  await pulumiOrThrow(["stack", "select", stack], environment);
}

/** The stack's outputs; empty before the first `up`. */
export async function stackOutputs(environment: Environment): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse(await pulumiOrThrow(["stack", "output", "--json"], environment)) as Record<string, unknown>;
}

/** How many resources the last update made, changed, replaced, deleted and left alone. */
export async function lastChanges(environment: Environment): Promise<Readonly<Record<string, number>>> {
  const text = await pulumiOrThrow(["stack", "history", "--json", "--page-size", "1"], environment);
  const updates = JSON.parse(text) as readonly { readonly resourceChanges?: Record<string, number> }[];
  return updates[0]?.resourceChanges ?? {};
}
