import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { deploy } from "../../stacks/deploy";
import { readSettings } from "../../stacks/settings";
import { exampleConfiguration } from "./example-configuration";
import { PLATFORM_OUTPUT } from "./platform-output";
import { mockEngine, type MockOptions, type Registration } from "./mock-engine";
import { stackConfiguration } from "./stack-configuration";

const ROOT = path.resolve(__dirname, "..", "..");
const EXAMPLES = path.join(ROOT, "examples");
const NAMESPACE = "aks-fine-tuning";

/** What a stack or an example registers, under the mock engine. An example runs once a test file, as modules do. */
export type Program = () => Promise<Registration[]>;

/** The stack whose configuration is `Pulumi.NAME.yaml`. */
export function stackProgram(name: string, changes: Readonly<Record<string, unknown>> = {}, options: MockOptions = {}): Program {
  return () =>
    inFolder(mkdtempSync(path.join(os.tmpdir(), `${name}-stack-`)), true, async () => {
      const engine = await mockEngine({ record: { adapterDigest: `sha256:${"9".repeat(64)}` }, ...options });
      pulumi.runtime.setAllConfig(stackConfiguration(name, changes));
      await deploy(readSettings(new pulumi.Config(NAMESPACE)));
      return engine.registered();
    });
}

/** The program in `examples/NAME`, with the configuration that its Pulumi.yaml declares. */
export function exampleProgram(name: string, options: MockOptions = {}): Program {
  const folder = path.join(EXAMPLES, name);
  return () =>
    inFolder(folder, false, async () => {
      const engine = await mockEngine({ record: { adapterDigest: `sha256:${"9".repeat(64)}` }, ...options });
      pulumi.runtime.setAllConfig(configuration(exampleConfiguration(folder)));
      jest.requireActual(folder);
      return engine.registered();
    });
}

/** Folders of `examples/` that hold a program. */
export const EXAMPLE_NAMES: readonly string[] = readdirSync(EXAMPLES).filter((folder) => existsSync(path.join(EXAMPLES, folder, "index.ts")));

/** Everything that registers resources. A new stack is a new row; examples are found. */
export const PROGRAMS: readonly { readonly name: string; readonly program: Program }[] = [
  ...["dev", "staging", "prod"].map((stack) => ({ name: `the ${stack} stack`, program: stackProgram(stack) })),
  { name: "the prod-support stack", program: stackProgram("prod-support", {}, { stacks: { "organization/aks-fine-tuning/prod": { platform: PLATFORM_OUTPUT } } }) },
  ...EXAMPLE_NAMES.map((example) => ({ name: `the example ${example}`, program: exampleProgram(example) })),
];

/** Configuration as Pulumi hands it to a program: text, structured values as JSON. */
function configuration(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`${NAMESPACE}:${key}`, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

/** Programs stage what they build in the folder that they run in. */
async function inFolder<T>(folder: string, temporary: boolean, work: () => Promise<T>): Promise<T> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await work();
  } finally {
    process.chdir(before);
    if (temporary) rmSync(folder, { recursive: true });
  }
}
