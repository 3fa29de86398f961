import * as path from "node:path";
import type { TestSandbox } from "../tests/support/sandbox";
import { fastest, type Measurement } from "./measurement";
import { createStack, noConfiguration, plannedResources, preview, type Project, ROOT } from "./sandbox-project";

const [FEW, MANY] = [20, 200];

/** How the preview grows with the runs of one stack. */
export function growth(sandbox: TestSandbox): readonly Measurement[] {
  const configuration = noConfiguration(sandbox);
  const withRuns = (runs: number): Project => ({
    folder: path.join(ROOT, "bench", "many-runs"),
    stack: `runs-${runs}`,
    configuration,
    environment: { BENCH_RUNS: String(runs) },
  });
  const [few, many] = [withRuns(FEW), withRuns(MANY)];
  for (const project of [few, many]) createStack(sandbox, project);
  const resources = plannedResources(sandbox, many);
  const runs = [1, 2, 3];
  const [small, large] = [fastest(runs.map(() => preview(sandbox, few))), fastest(runs.map(() => preview(sandbox, many)))];
  const note = `fastest of ${runs.length}; ${resources} resources with ${MANY} runs`;
  return [
    { name: `preview of ${FEW} runs`, value: small.seconds, cpu: small.cpuSeconds, unit: "s", note },
    { name: `preview of ${MANY} runs`, value: large.seconds, cpu: large.cpuSeconds, unit: "s", note },
    { name: `${MANY} runs to ${FEW}`, value: large.seconds / small.seconds, cpu: large.cpuSeconds / small.cpuSeconds, unit: "×", budget: 10, note: "ratio of the two" },
  ];
}
