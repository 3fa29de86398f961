import { readFileSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { devStack, startSandbox, type TestSandbox, type TestStack } from "../support/sandbox";

interface Named {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

interface Pod extends Named {
  readonly spec: { readonly nodeName?: string };
}

const POOL = "aks-fine-tuning.dev/pool";
const SIZE = "Standard_NC4as_T4_v3";

/** The dev stack where nodes are made for pods: two pools of one size, of which a run is for one. */
describe("a stack with node auto-provisioning", () => {
  let sandbox: TestSandbox;
  let stack: TestStack;

  beforeAll(() => {
    sandbox = startSandbox("simulated");
    stack = devStack(sandbox);
    stack.set("cluster", { nodeProvisioning: "node-auto-provisioning" });
    stack.set("pools", { other: { size: SIZE, maxNodes: 2 }, gpu: { size: SIZE, priority: "Spot", maxNodes: 2 } });
    stack.set("tuningPool", "gpu");
    stack.set("servingPool", "gpu");
  }, 900_000);
  afterAll(() => {
    sandbox.down();
  }, 120_000);

  function get<T extends Named>(...args: readonly string[]): readonly T[] {
    const { code, output } = sandbox.run(["kubectl", "get", ...args, "-o", "json"]);
    if (code !== 0) throw new Error(output);
    return (JSON.parse(output) as { readonly items: readonly T[] }).items;
  }

  const provisioned = () => get("nodes", "-l", "karpenter.sh/nodepool");
  const tuningPods = () => get<Pod>("pods", "-n", "support", "-l", "app.kubernetes.io/component=tuning");

  it("comes up with Karpenter's objects instead of agent pools, without a GPU node, and a second preview plans nothing", () => {
    const up = stack.pulumi("up", "--yes", "--skip-preview");
    expect({ code: up.code, output: up.code === 0 ? "" : up.output }).toEqual({ code: 0, output: "" });
    const pools = stack.resources().filter(({ type }) => /AgentPool|karpenter/.test(type));
    expect(pools.map(({ type, urn }) => `${type} ${urn.split("::").at(-1) ?? ""}`).sort()).toEqual([
      "kubernetes:karpenter.azure.com/v1beta1:AKSNodeClass gpu-class",
      "kubernetes:karpenter.azure.com/v1beta1:AKSNodeClass other-class",
      "kubernetes:karpenter.sh/v1:NodePool gpu",
      "kubernetes:karpenter.sh/v1:NodePool other",
    ]);
    expect(provisioned()).toEqual([]);
    const again = stack.pulumi("preview", "--expect-no-changes");
    expect({ code: again.code, output: again.code === 0 ? "" : again.output }).toEqual({ code: 0, output: "" });
  }, 300_000);

  it("gets one node of the run's pool for the tuning pod, which lands there, and none of the other pool", async () => {
    const runId = stack.pulumi("stack", "output", "runId").output.trim();
    // What preflight does where pods really run.
    sandbox.run(["kubectl", "patch", "job", `tickets-${runId}`, "-n", "support", "--type", "merge", "-p", '{"spec":{"suspend":false}}']);
    let landed: readonly Pod[] = [];
    for (let attempt = 0; attempt < 120 && !landed.some(({ spec }) => spec.nodeName); attempt += 1) {
      await sleep(500);
      landed = tuningPods();
    }
    const nodes = provisioned();
    expect(nodes.map(({ metadata }) => metadata.labels)).toEqual([
      expect.objectContaining({ [POOL]: "gpu", "karpenter.sh/nodepool": "gpu", "karpenter.sh/capacity-type": "spot", "node.kubernetes.io/instance-type": SIZE }),
    ]);
    expect(landed.map(({ spec }) => spec.nodeName)).toEqual(nodes.map(({ metadata }) => metadata.name));
    const neighbours = get<Pod>("pods", "-n", "support").filter(({ spec }) => spec.nodeName === nodes[0]?.metadata.name);
    expect(neighbours.map(({ metadata }) => metadata.name)).toEqual(landed.map(({ metadata }) => metadata.name));
  }, 120_000);

  it("is destroyed to nothing", async () => {
    const destroyed = stack.pulumi("destroy", "--yes", "--skip-preview");
    expect({ code: destroyed.code, output: destroyed.code === 0 ? "" : destroyed.output }).toEqual({ code: 0, output: "" });
    expect(stack.resources().map(({ urn }) => urn)).toEqual([]);
    const azure = JSON.parse(readFileSync(path.join(sandbox.home, "azure", "state.json"), "utf8")) as { readonly resources: object };
    expect(Object.keys(azure.resources)).toEqual([]);
    expect([...get("nodepools.karpenter.sh"), ...get("aksnodeclasses.karpenter.azure.com")]).toEqual([]);
    for (let attempt = 0; attempt < 60 && provisioned().length > 0; attempt += 1) await sleep(500);
    expect(provisioned()).toEqual([]);
  }, 300_000);
});
