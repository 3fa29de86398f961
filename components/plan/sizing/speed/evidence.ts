import type { SpeedEvidence } from "./gpu";
import type { TuningTimeSetup } from "./setup";

/** What makes a run unlike those that were measured, and by how much. */
interface Stretch {
  readonly evidence: SpeedEvidence;
  readonly note: string;
}

/** Ethernet of Azure's sizes gives a GPU at most 5 GB per second, InfiniBand at least 20. */
const LEAST_INFINIBAND_GBPS = 10;
const BY_STRENGTH = ["unmeasured", "extrapolated", "measured"] as const satisfies readonly SpeedEvidence[];

/** How well the speed of a run like this is known: as well as that of its least known property. */
export function evidenceOf(setup: TuningTimeSetup): SpeedEvidence {
  const stretches = stretchesOf(setup);
  return BY_STRENGTH.find((evidence) => stretches.some((stretch) => stretch.evidence === evidence)) ?? "measured";
}

/** The same in one sentence. */
export function basisOf(setup: TuningTimeSetup): string {
  return `from first principles, with constants set by published A100 and H100 runs; ${stretchesOf(setup).map(({ note }) => note).join("; ")}`;
}

function stretchesOf(setup: TuningTimeSetup): readonly Stretch[] {
  const { model, gpu, method, offload } = setup;
  const stretches: Stretch[] = [{ evidence: gpu.evidence, note: gpu.evidenceNote }];
  const add = (applies: boolean, evidence: SpeedEvidence, note: string): void => {
    if (applies) stretches.push({ evidence, note });
  };
  add(gpu.share < 1, "extrapolated", "a part of a GPU is taken as that part of its speed");
  add(model.num_experts !== undefined, "unmeasured", "of models with experts one was measured, and it was slow");
  add(method === "dora", "extrapolated", "no run with DoRA was measured");
  add(offload === "optimizer" || offload === "parameters", "extrapolated", "offloading to the host was measured twice only");
  add(overEthernet(setup), "extrapolated", "training over Ethernet was not measured, its bandwidth is the bound");
  return stretches;
}

function overEthernet({ nodes, gpusPerNode, interconnect }: TuningTimeSetup): boolean {
  return nodes > 1 && interconnect.betweenGBps < LEAST_INFINIBAND_GBPS * gpusPerNode;
}
