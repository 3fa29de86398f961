import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import type { TestSandbox } from "../../tests/support/sandbox";
import { fastest, type Measurement } from "../measurement";
import { createStack, declaredConfiguration, noConfiguration, plannedResources, preview, type Project, projectFolder, ROOT, stackConfiguration } from "../sandbox-project";
import { flatProgram } from "./flat-program";
import { record } from "./recording";

const PAIRS = 7;

/**
 * Preview of a stack with components against a program that registers the same resources by hand. The second is written from what the first
 * registers, so the two cannot drift. They take turns, so that whatever else the machine does is shared by both.
 */
export function componentOverhead(sandbox: TestSandbox, stack: string): readonly Measurement[] {
  const components: Project = { folder: compiledStacks(sandbox), stack: `components-${stack}`, configuration: stackConfiguration(sandbox.home, stack) };
  const byHand: Project = { folder: projectFolder(sandbox, "by-hand", "index.js"), stack: `by-hand-${stack}`, configuration: noConfiguration(sandbox) };
  writeFileSync(path.join(byHand.folder, "index.js"), flatProgram(record(components.configuration, byHand.folder)));
  for (const project of [components, byHand]) createStack(sandbox, project);

  const pairs = Array.from({ length: PAIRS + 1 }, () => [preview(sandbox, components), preview(sandbox, byHand)] as const).slice(1);
  const resources = [plannedResources(sandbox, components), plannedResources(sandbox, byHand)];
  const [one, other] = [fastest(pairs.map(([components]) => components)), fastest(pairs.map(([, byHand]) => byHand))];
  const note = `fastest of ${PAIRS} in turn after one to warm up, as JavaScript; ${resources[0] ?? 0} resources with components, ${resources[1] ?? 0} by hand`;
  return [
    { name: `${stack} with components`, value: one.seconds, cpu: one.cpuSeconds, unit: "s", note },
    { name: `${stack} by hand`, value: other.seconds, cpu: other.cpuSeconds, unit: "s", note },
    { name: "components to by hand", value: one.seconds / other.seconds, cpu: one.cpuSeconds / other.cpuSeconds, unit: "×", budget: 1.1, note: "ratio of the two" },
  ];
}

/** The stacks' program as JavaScript, as a release would be. */
function compiledStacks(sandbox: TestSandbox): string {
  const folder = projectFolder(sandbox, "components-program", "stacks/", declaredConfiguration());
  const configuration = path.join(folder, "tsconfig.json");
  const compilerOptions = { noEmit: false, outDir: folder, rootDir: ROOT, types: ["node"] };
  const include = ["components", "stacks"].map((each) => path.join(ROOT, each));
  writeFileSync(configuration, JSON.stringify({ extends: path.join(ROOT, "tsconfig.json"), compilerOptions, include, exclude: [] }));
  execFileSync("node", [path.join(ROOT, "node_modules", "typescript", "bin", "tsc"), "-p", configuration], { stdio: "inherit" });
  return folder;
}
