import type { TestSandbox } from "../tests/support/sandbox";
import { fastest, type Measurement } from "./measurement";
import { createStack, preview, type Project, ROOT, stackConfiguration } from "./sandbox-project";

const RUNS = 5;

/** Preview of a stack of this checkout that does not exist yet: every resource is new, as in the first pull request. */
export function stackPreview(sandbox: TestSandbox, stack: string): readonly Measurement[] {
  const project: Project = { folder: ROOT, stack: `bench-${stack}`, configuration: stackConfiguration(sandbox.home, stack) };
  createStack(sandbox, project);
  preview(sandbox, project);
  const timings = Array.from({ length: RUNS }, () => preview(sandbox, project));
  const { seconds, cpuSeconds } = fastest(timings);
  const note = `fastest of ${RUNS} after one to warm up; program in TypeScript, not type-checked`;
  return [{ name: `preview of ${stack}`, value: seconds, cpu: cpuSeconds, unit: "s", budget: 4, note }];
}
