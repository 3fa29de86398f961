import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { parseDocument } from "yaml";
import type { TestSandbox, TestStack } from "./sandbox";

/** A stack of a test's own program, made, with a configuration that is empty and stays out of the checkout. */
export function stackOfProgram(sandbox: TestSandbox, folder: string, project: string): TestStack {
  const name = "test";
  const configuration = path.join(sandbox.home, `Pulumi.${project}.yaml`);
  const variables = { PULUMI_STACK: name, PULUMI_OPTION_CONFIG_FILE: configuration };
  const pulumi: TestStack["pulumi"] = (...args) => sandbox.run(["pulumi", ...args, "--non-interactive"], { cwd: folder, variables });
  const set: TestStack["set"] = (key, value) => {
    // Read each time, as Pulumi keeps the salt of the secrets there.
    const document = parseDocument(existsSync(configuration) ? readFileSync(configuration, "utf8") : "{}");
    if (value === undefined) document.deleteIn(["config", `${project}:${key}`]);
    else document.setIn(["config", `${project}:${key}`], value);
    writeFileSync(configuration, document.toString());
  };
  writeFileSync(configuration, "{}\n");
  // `stack init` writes a file beside the project's, so it runs in a folder that has nothing else.
  const scratch = path.join(sandbox.home, "project");
  mkdirSync(scratch, { recursive: true });
  cpSync(path.join(folder, "Pulumi.yaml"), path.join(scratch, "Pulumi.yaml"));
  const { code, output } = pulumi("stack", "init", name, "--no-select", "-C", scratch);
  if (code !== 0) throw new Error(output);
  return {
    pulumi,
    set,
    resources: () => {
      const state = JSON.parse(pulumi("stack", "export").output) as { readonly deployment: { readonly resources?: ReturnType<TestStack["resources"]> } };
      return state.deployment.resources ?? [];
    },
  };
}
