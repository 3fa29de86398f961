import { setTimeout as sleep } from "node:timers/promises";
import { devStack, startSandbox, type TestSandbox, type TestStack } from "../support/sandbox";

interface Pod {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly nodeName?: string };
}

/** Pods that may not meet the restricted standard, by namespace: they talk to the GPU driver through the node's folders. */
const PRIVILEGED = { "gpu-support": ["device-plugin", "metrics-exporter"] };

describe("the dev stack's objects on a real API server", () => {
  let sandbox: TestSandbox;
  let stack: TestStack;

  beforeAll(() => {
    sandbox = startSandbox("simulated");
    stack = devStack(sandbox);
    const up = stack.pulumi("up", "--yes", "--skip-preview");
    if (up.code !== 0) throw new Error(up.output);
  }, 900_000);
  afterAll(() => {
    sandbox.down();
  }, 120_000);

  function get<T>(...args: readonly string[]): T {
    const { code, output } = sandbox.run(["kubectl", "get", ...args, "-o", "json"]);
    if (code !== 0) throw new Error(output);
    return JSON.parse(output) as T;
  }

  /** What the API server says of a pod made from a workload's template, without making it. */
  function dryRun(namespace: string, template: object): { readonly code: number; readonly output: string } {
    const { metadata, spec } = template as { readonly metadata?: object; readonly spec: object };
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { ...metadata, name: "trial", namespace }, spec };
    return sandbox.run(["kubectl", "apply", "--dry-run=server", "-f", "-"], { input: JSON.stringify(pod) });
  }

  interface Workload {
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace: string };
    readonly spec: { readonly template: object };
  }

  function workloads(namespace: string): readonly Workload[] {
    return get<{ readonly items: readonly Workload[] }>("jobs,deployments,daemonsets", "-n", namespace).items;
  }

  it("are admitted as restricted pods in the team's namespace, without a warning", () => {
    const verdicts = workloads("support").map(({ kind, metadata, spec }) => {
      const { code, output } = dryRun("support", spec.template);
      return { kind, name: metadata.name.replace(/-[0-9a-f]{10}/, ""), code, warned: /warning/i.test(output) };
    });
    expect(verdicts.sort((a, b) => a.name.localeCompare(b.name) || a.kind.localeCompare(b.kind))).toEqual([
      { kind: "Deployment", name: "tickets", code: 0, warned: false },
      { kind: "Job", name: "tickets", code: 0, warned: false },
      { kind: "Job", name: "tickets-preflight", code: 0, warned: false },
    ]);
  }, 60_000);

  it("would be refused there if they were privileged, so the check above can fail", () => {
    const spec = { containers: [{ name: "bad", image: "registry.example/bad:1", securityContext: { privileged: true } }] };
    const { code, output } = dryRun("support", { spec });
    expect(code).not.toBe(0);
    expect(output).toContain('violates PodSecurity "restricted:v1.36"');
  });

  it("leave the restricted standard only in the GPU support's namespace, by name", () => {
    const names = workloads("gpu-support").map(({ metadata }) => metadata.name);
    expect(names.sort()).toEqual(PRIVILEGED["gpu-support"]);
  });

  it("put preflight on a CPU node and training on a node of the GPU pool, made for it", async () => {
    const jobs = get<{ readonly items: readonly Workload[] }>("jobs", "-n", "support").items.map(({ metadata }) => metadata.name);
    const tuning = jobs.find((name) => !name.endsWith("-preflight")) ?? "";
    const gpuNodes = (): readonly string[] =>
      get<{ readonly items: readonly Pod[] }>("nodes", "-l", "aks-fine-tuning.dev/pool=gpu").items.map(({ metadata }) => metadata.name);
    expect(gpuNodes()).toEqual([]);
    sandbox.run(["kubectl", "patch", "job", tuning, "-n", "support", "--type", "merge", "-p", '{"spec":{"suspend":false}}']);

    const placed = await placements(2);
    const nodes = gpuNodes();
    expect(nodes).toHaveLength(1);
    expect(placed).toEqual({ preflight: expect.stringMatching(/^aks-system-/) as string, tuning: nodes[0] });
  }, 120_000);

  /** Component of each of the run's pods → its node, once `count` are placed. */
  async function placements(count: number): Promise<Readonly<Record<string, string>>> {
    for (let attempt = 0; attempt < 90; attempt++) {
      const pods = get<{ readonly items: readonly Pod[] }>("pods", "-n", "support").items.filter(({ spec }) => spec.nodeName);
      const found = pods.map(({ metadata, spec }) => [metadata.labels?.["app.kubernetes.io/component"] ?? "", spec.nodeName ?? ""] as const);
      if (found.length >= count) return Object.fromEntries(found);
      await sleep(1000);
    }
    throw new Error(sandbox.run(["kubectl", "get", "pods,events", "-n", "support"]).output);
  }
});
