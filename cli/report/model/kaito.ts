import { kaitoPoolName } from "./by-kaito";
import type { Change } from "./change";
import { starts } from "./cost";
import { hasEnded, overlaps } from "./losses";
import { gpusOf, type Pool, type PoolState, type RegionOf } from "./pools";
import { componentClass, isGpuVmSize, isKaitoServer } from "./things";
import type { Run, RunState, Service, ServiceState } from "./workloads";

/** Nodes that KAITO makes for runs and services, as pools: one for each of them. */
export function kaitoPoolsOf(changes: readonly Change[], runs: readonly Run[], services: readonly Service[], regionOf: RegionOf): readonly Pool[] {
  const components = new Map(changes.flatMap((change) => [[`${componentClass(change.type) ?? ""} ${change.name}`, change] as const]));
  const takingOver = new Set(changes.filter((change) => isKaitoServer(change) && overlaps(change)).map(({ parent }) => parent));
  return [
    ...runs.flatMap((run) => runPool(run, regionIn(components.get(`TuningJob ${run.name}`), regionOf))),
    ...services.flatMap((service) => {
      const component = components.get(`InferenceService ${service.name}`);
      return servicePool(service, takingOver.has(component?.urn), regionIn(component, regionOf));
    }),
  ];
}

type Region = (when: "old" | "new") => string | undefined;

function regionIn(change: Change | undefined, regionOf: RegionOf): Region {
  return (when) => change && regionOf(change, when);
}

/** A run that has ended holds no node and gets none; of two of one job the first is gone before the second begins. */
function runPool(run: Run, region: Region): readonly Pool[] {
  const over = hasEnded(run.new?.recorded ?? run.old?.recorded);
  const before = run.old && !hasEnded(run.old.recorded) ? kaitoNodes(run.old, 1, region("old")) : undefined;
  const after = run.new && (starts(run) || !over) ? kaitoNodes(run.new, 1, region("new")) : undefined;
  return kaitoPool("run", run, before, after, false);
}

function servicePool(service: Service, takesOver: boolean, region: Region): readonly Pool[] {
  const nodesOf = (state: ServiceState | undefined, when: "old" | "new") => state && kaitoNodes(state, state.kaito?.replicas ?? 0, region(when));
  return kaitoPool("service", service, nodesOf(service.old, "old"), nodesOf(service.new, "new"), takesOver);
}

function kaitoNodes({ kaito, size }: RunState | ServiceState, copies: number, region: string | undefined): PoolState | undefined {
  if (!kaito?.makesNodes || size === undefined || !isGpuVmSize(size)) return undefined;
  // KAITO never asks for spot capacity.
  return { size, priority: "Regular", minNodes: 0, maxNodes: kaito.nodes * copies, gpusPerNode: gpusOf(size, undefined), region };
}

function kaitoPool(kind: "run" | "service", { name, action }: Run | Service, before: PoolState | undefined, after: PoolState | undefined, takesOver: boolean): readonly Pool[] {
  const called = kaitoPoolName(kind, name);
  return before || after ? [{ name: called, action, label: called, old: before, new: after, overlaps: takesOver, byKaito: true }] : [];
}
