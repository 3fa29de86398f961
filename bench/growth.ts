import * as path from "node:path";
import type { TestSandbox } from "../tests/support/sandbox";
import { type Measurement, median } from "./measurement";
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
  const [fewSeconds, manySeconds] = [median([1, 2, 3].map(() => preview(sandbox, few))), median([1, 2, 3].map(() => preview(sandbox, many)))];
  return [
    { name: `preview of ${FEW} runs`, value: fewSeconds, unit: "s", note: "median of 3" },
    { name: `preview of ${MANY} runs`, value: manySeconds, unit: "s", note: `median of 3; ${resources} resources` },
    { name: `${MANY} runs to ${FEW}`, value: manySeconds / fewSeconds, unit: "×", budget: 10, note: "ratio of the two" },
  ];
}
