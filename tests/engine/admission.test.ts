import { setTimeout as sleep } from "node:timers/promises";
import { podSecurityLabels } from "../../components/plan/manifests/pod-security";
import { type ApiServer, apiServerOf } from "../support/api-server";
import { isFoundation, type KubernetesObject, kubernetesObjects, podsOf } from "../support/kubernetes-objects";
import { PROGRAMS } from "../support/programs";
import { startSandbox, type TestSandbox } from "../support/sandbox";

/** Pods that may not meet the restricted standard: they reach the GPU driver through the node's folders. */
const PRIVILEGED = ["DaemonSet gpu-support/device-plugin", "DaemonSet gpu-support/metrics-exporter"];

/** Objects of other people's kinds, whose definitions the sandbox does not install: nobody has judged them. */
const UNJUDGED: readonly (string | RegExp)[] = ["AKSNodeClass tune", "NodePool tune", /^(?:InferenceSet|Workspace) support\/tickets-[0-9a-f]{5}$/];

/** Programs that make a platform and leave its workloads to others, and the one that has no cluster at all. */
const WITHOUT_WORKLOADS = ["the prod stack", "the example hub-network", "the example private-platform", "the example audited-registry"];
const WITHOUT_CLUSTER = ["the example audited-registry"];

/** A namespace that holds nothing and admits restricted pods alone. */
const RESTRICTED: KubernetesObject = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "restricted", ...{ labels: podSecurityLabels("restricted", "1.36") } },
};

describe("a real API server", () => {
  let sandbox: TestSandbox;
  let server: ApiServer;

  beforeAll(async () => {
    sandbox = startSandbox("simulated");
    server = apiServerOf(sandbox.home);
    await server.apply(RESTRICTED, { dryRun: false });
    await exists("/api/v1/namespaces/restricted/serviceaccounts/default");
  }, 900_000);
  afterAll(() => {
    server.close();
    sandbox.down();
  }, 120_000);

  /** Waits for what a controller makes. */
  async function exists(what: string): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      if (await server.get(what).then(() => true, () => false)) return;
      await sleep(300);
    }
    throw new Error(`${what} does not come`);
  }

  const label = ({ kind, metadata }: KubernetesObject): string => [kind, [metadata.namespace, metadata.name].filter(Boolean).join("/")].join(" ");

  /** What is refused, and what nobody can judge; foundations stay, so that pods meet their namespace as it will be. */
  async function judge(objects: readonly KubernetesObject[]): Promise<{ refused: string[]; unjudged: string[] }> {
    const refused: string[] = [];
    const unjudged: string[] = [];
    for (const object of objects) {
      // Of two programs with the same run, the second could not write its configuration over the first one's.
      const dryRun = !isFoundation(object) || object.immutable === true;
      const { unknownKind, refusal } = await server.apply(object, { dryRun });
      if (unknownKind) unjudged.push(label(object));
      if (refusal !== undefined) refused.push(`${label(object)}: ${refusal}`);
    }
    return { refused, unjudged };
  }

  describe.each(PROGRAMS)("accepts of $name", ({ name, program }) => {
    let objects: readonly KubernetesObject[];
    beforeAll(async () => {
      objects = kubernetesObjects(await program());
    }, 60_000);

    it("every object, or names those that it cannot judge", async () => {
      expect(objects.length > 0).toBe(!WITHOUT_CLUSTER.includes(name));
      const { refused, unjudged } = await judge(objects);
      expect(refused).toEqual([]);
      expect(unjudged.filter((each) => !UNJUDGED.some((known) => (typeof known === "string" ? known === each : known.test(each))))).toEqual([]);
    }, 120_000);

    it("the pod of every workload in its own namespace, and under the restricted standard all but those of the GPU's own daemons", async () => {
      const pods = objects.flatMap(podsOf);
      const refused: string[] = [];
      const unrestricted: string[] = [];
      for (const { of, namespace, pod } of pods) {
        const atHome = await server.apply(pod(namespace), { dryRun: true });
        if (atHome.refusal !== undefined) refused.push(`${of}: ${atHome.refusal}`);
        const elsewhere = await server.apply(pod("restricted", { serviceAccountName: "default" }), { dryRun: true });
        if (elsewhere.refusal?.includes('violates PodSecurity "restricted:v1.36"')) unrestricted.push(of);
        else if (elsewhere.refusal !== undefined) refused.push(`${of} in another namespace: ${elsewhere.refusal}`);
      }
      expect(refused).toEqual([]);
      const privileged = pods.map(({ of }) => of).filter((of) => PRIVILEGED.includes(of));
      expect(unrestricted.sort()).toEqual(privileged.sort());
      expect(pods.length > privileged.length).toBe(!WITHOUT_WORKLOADS.includes(name));
    }, 120_000);
  });

  it("refuses a sloppy pod, a misspelt field and an unknown kind, so that what is accepted above means something", async () => {
    const containers = [{ name: "bad", image: "registry.example/bad:1" }];
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "sloppy", namespace: "restricted" }, spec: { containers } };
    expect(await server.apply(pod, { dryRun: true })).toEqual({
      unknownKind: false,
      refusal: expect.stringContaining('violates PodSecurity "restricted:v1.36": allowPrivilegeEscalation != false') as string,
    });
    const misspelt = { ...pod, kind: "Service", spec: { ports: [{ port: 80, targetport: 8000 }] } };
    expect((await server.apply(misspelt, { dryRun: true })).refusal).toMatch(/targetport/);
    const foreign = { ...pod, apiVersion: "kaito.sh/v1beta1", kind: "Workspace" };
    expect(await server.apply(foreign, { dryRun: true })).toEqual({ unknownKind: true });
  }, 60_000);
});
