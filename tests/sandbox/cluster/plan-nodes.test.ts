import type { Pool } from "../../../sandbox/cluster/nodes/azure-state";
import { planNodes, type SandboxNode } from "../../../sandbox/cluster/nodes/plan-nodes";
import { boundPod, pendingPod, pool, SYSTEM } from "./pods";

type Input = Parameters<typeof planNodes>[0];

function plan(change: Partial<Input>) {
  return planNodes({
    pools: [SYSTEM, pool()],
    nodes: [],
    settled: new Set(),
    pods: [],
    real: true,
    now: 1_000_000,
    idleMilliseconds: 600_000,
    ...change,
  });
}

function node(of: Pool, index: number, change: Partial<SandboxNode> = {}): SandboxNode {
  return { name: `${of.name}-${index}`, poolId: of.id, index, ...change };
}

const SYSTEM_NODE = node(SYSTEM, 0, { slot: 1 });

it("gives fixed pools their count and autoscaled ones their minimum", () => {
  const pools = [{ ...SYSTEM, count: 2 }, pool({ minCount: 1 })];
  expect(plan({ pools }).add.map(({ poolId, index, slot }) => [poolId, index, slot])).toEqual([
    [SYSTEM.id, 0, 1],
    [SYSTEM.id, 1, undefined],
    [pool().id, 0, 2],
  ]);
});

it("simulates every node where none can be real", () => {
  expect(plan({ real: false, pools: [SYSTEM] }).add).toMatchObject([{ index: 0 }]);
  expect(plan({ real: false, pools: [SYSTEM] }).add[0]).not.toHaveProperty("slot");
});

describe("scaling up", () => {
  const nodes = [SYSTEM_NODE];

  it("adds a node for a pod that no node takes, and tells which", () => {
    const { add, triggers } = plan({ nodes, pods: [pendingPod("tune")] });
    expect(add).toMatchObject([{ poolId: pool().id, slot: 2 }]);
    expect(triggers).toMatchObject([{ pod: { metadata: { name: "tune" } }, pool: { name: "gpu" } }]);
  });

  it("adds one per pod that needs a whole node, up to the pool's maximum", () => {
    const pods = ["a", "b", "c"].map((name) => pendingPod(name));
    expect(plan({ nodes, pods }).add.map(({ slot }) => slot)).toEqual([2, 3]);
  });

  it("puts pods together that fit on one node", () => {
    const pods = ["a", "b"].map((name) => pendingPod(name, { containers: [] }));
    expect(plan({ nodes, pods }).add).toHaveLength(1);
  });

  it("waits for a node that is coming", () => {
    const coming = node(pool(), 0, { slot: 2 });
    expect(plan({ nodes: [...nodes, coming], pods: [pendingPod("a")] }).add).toEqual([]);
  });

  it("adds another when a settled one is full", () => {
    const full = node(pool(), 0, { slot: 2 });
    const pods = [boundPod("a", full.name), pendingPod("b")];
    expect(plan({ nodes: [...nodes, full], settled: new Set([full.name]), pods }).add).toMatchObject([{ index: 1, slot: 3 }]);
  });

  it("does nothing for a pod that no pool would take", () => {
    expect(plan({ nodes, pods: [pendingPod("a", { nodeSelector: { agentpool: "none" } })] }).add).toEqual([]);
  });

  it("never counts on a simulated node where real ones exist", () => {
    const taken = [node(pool(), 0, { slot: 2 }), node(pool(), 1, { slot: 3 })];
    const settled = new Set(taken.map(({ name }) => name));
    const pools = [SYSTEM, pool({ maxCount: 5 })];
    const pods = [...taken.map(({ name }) => boundPod(name, name)), pendingPod("c")];
    expect(plan({ pools, nodes: [...nodes, ...taken], settled, pods }).add).toEqual([]);
  });
});

describe("taking nodes away", () => {
  const gpuNode = node(pool(), 0, { slot: 2 });

  it("takes those of pools that are gone", () => {
    expect(plan({ pools: [SYSTEM], nodes: [SYSTEM_NODE, gpuNode] }).remove).toMatchObject([{ name: gpuNode.name }]);
  });

  it.each([
    { idle: 599_999, removed: 0 },
    { idle: 600_000, removed: 1 },
  ])("after $idle ms without a pod: $removed", ({ idle, removed }) => {
    const nodes = [SYSTEM_NODE, { ...gpuNode, idleSince: 1_000_000 - idle }];
    expect(plan({ nodes }).remove).toHaveLength(removed);
  });

  it("keeps a node that a pod uses, and forgets that it was idle", () => {
    const nodes = [SYSTEM_NODE, { ...gpuNode, idleSince: 0 }];
    const { keep, remove } = plan({ nodes, pods: [boundPod("a", gpuNode.name)] });
    expect(remove).toEqual([]);
    expect(keep.find(({ name }) => name === gpuNode.name)).not.toHaveProperty("idleSince");
  });

  it("does not keep a node for a daemon set's pod", () => {
    const nodes = [SYSTEM_NODE, { ...gpuNode, idleSince: 0 }];
    const daemon = boundPod("a", gpuNode.name, { ownerReferences: [{ kind: "DaemonSet" }] });
    expect(plan({ nodes, pods: [daemon] }).remove).toHaveLength(1);
  });

  it("leaves an idle pool its minimum, and fixed pools their count", () => {
    const nodes = [{ ...SYSTEM_NODE, idleSince: 0 }, { ...gpuNode, idleSince: 0 }];
    expect(plan({ pools: [SYSTEM, pool({ minCount: 1 })], nodes }).remove).toEqual([]);
  });

  it("replaces nodes when this machine's nodes become real, or cease to", () => {
    expect(plan({ real: false, nodes: [SYSTEM_NODE] }).remove).toMatchObject([{ slot: 1 }]);
    const { remove, add } = plan({ nodes: [node(SYSTEM, 0)] });
    expect(remove).toMatchObject([{ name: "system-0" }]);
    expect(add).toMatchObject([{ index: 0, slot: 1 }]);
  });
});
