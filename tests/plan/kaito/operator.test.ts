import * as fc from "fast-check";
import { KAITO_NODE_PROVISIONERS } from "../../../components/plan/catalogue/kaito-versions";
import { type KaitoContext, planKaitoOperator } from "../../../components/plan/kaito/operator";
import { KAITO_CHANNELS, KAITO_DEVICE_PLUGINS, type KaitoOperatorDecisions, type KaitoOperatorInputs } from "../../../components/plan/kaito/operator/decisions";
import { karpenterNote } from "../../../components/plan/kaito/operator/notes";
import { planGpuSupport } from "../../../components/plan/gpu-support";
import { describe as described, problemsOf as refused } from "../../../components/plan/refuse";
import { KAITO_VALUES } from "../../support/expected-kaito-operator";
import { COMPLETE_PROBLEM, problemsOf } from "../../support/refusal";
import { byDigest } from "../../support/tiny-recipe";

const KNOWN = { location: "eastus", nodeResourceGroup: "nodes" };
const DEVELOPMENT = { environment: "development", ...KNOWN } as const;
const KARPENTER = { ...DEVELOPMENT, nodeProvisioning: "node-auto-provisioning" } as const;
const ADD_ON = { ...DEVELOPMENT, kaitoAddOn: true } as const;
/** What the types forbid is allowed: JavaScript has none. */
type Anything = { readonly [K in keyof KaitoOperatorDecisions]?: unknown };

function plan(decisions: Anything = {}, cluster: KaitoContext["cluster"] = DEVELOPMENT, inputs: KaitoOperatorInputs = {}, context: Partial<KaitoContext> = {}) {
  return planKaitoOperator("kaito", decisions as KaitoOperatorDecisions, inputs, { cluster, ...context });
}

/** The problems of what is refused, none of what is not. */
function refusalOf(action: () => unknown): string[] {
  return refused(action).map(described);
}

const GATES = KAITO_VALUES.featureGates;
const CHART = {
  version: "0.12.0",
  podSecurity: "privileged",
  featureGates: GATES,
  featureDiscovery: false,
  localDisks: true,
  presetRegistry: "mcr.microsoft.com/aks/kaito",
  chartRepository: undefined,
  memoryMiB: 512,
  logLevel: "error",
};

describe("planKaitoOperator", () => {
  it("installs the chart with the GPU provisioner unless told otherwise, and leaves the device plugin to GpuSupport", () => {
    const common = { channel: "chart", version: "0.12", nodeProvisioner: "azure-gpu-provisioner", devicePlugin: "gpu-support", chart: CHART };
    expect(plan()).toEqual({ environment: "development", ...common });
    const images = { image: byDigest("mcr.microsoft.com/aks/kaito/workspace", "a"), provisionerImage: byDigest("mcr.microsoft.com/aks/kaito/gpu-provisioner", "b") };
    expect(plan({}, KNOWN, images)).toEqual({ environment: "production", ...common });
  });

  it("takes Karpenter where the cluster has it", () => {
    expect(plan({}, KARPENTER)).toMatchObject({ nodeProvisioner: "karpenter", chart: CHART });
    expect(plan({ nodeProvisioner: "byo" }, KARPENTER)).toMatchObject({ nodeProvisioner: "byo" });
  });

  it("tells KAITO of nodes of one's own in both places, and labels them", () => {
    const own = { ...CHART, featureGates: { ...GATES, disableNodeAutoProvisioning: true }, featureDiscovery: true };
    expect(plan({ nodeProvisioner: "byo" }).chart).toEqual(own);
    expect(plan({ nodeProvisioner: "byo", featureDiscovery: false }).chart).toEqual({ ...own, featureDiscovery: false });
  });

  it("takes the add-on as it is, of the version that its pods say", () => {
    const addOn = { environment: "development", channel: "add-on", nodeProvisioner: "azure-gpu-provisioner", devicePlugin: "kaito", chart: undefined };
    expect(plan({ channel: "add-on" }, ADD_ON)).toEqual({ ...addOn, version: "0.6" });
    expect(plan({ channel: "add-on", version: "0.12.0" }, { ...ADD_ON, nodeProvisioning: "node-auto-provisioning" })).toEqual({ ...addOn, version: "0.12.0" });
    expect(plan({ channel: "add-on" }, { kaitoAddOn: true })).toMatchObject({ environment: "production" });
  });

  it.each([
    [{ localDisks: false }, "restricted"],
    [{ localDisks: false, nodeProvisioner: "byo", featureDiscovery: false }, "restricted"],
    [{ localDisks: false, nodeProvisioner: "byo" }, "privileged"],
    [{ localDisks: false, devicePlugin: "kaito" }, "privileged"],
    [{ localDisks: false, devicePlugin: "other" }, "restricted"],
    [{}, "privileged"],
  ])("asks of the namespace's pods, with %j, no less than it can: %s", (decisions, podSecurity) => {
    expect(plan(decisions).chart).toMatchObject({ podSecurity });
  });

  it("takes a patch as it is named, and the gates and figures that are given", () => {
    const given = { version: "v0.12.1", featureGates: { ModelMirror: true, ModelStreaming: true, vLLM: false }, memoryMiB: 128, logLevel: "debug" };
    const mirrors = { presetRegistry: "mlreg.azurecr.io/aks/kaito", chartRepository: "oci://mlreg.azurecr.io/helm" };
    expect(plan({ ...given, ...mirrors }).chart).toEqual({
      ...CHART,
      ...mirrors,
      version: "0.12.1",
      featureGates: { ...GATES, ModelMirror: true, ModelStreaming: true, vLLM: false },
      memoryMiB: 128,
      logLevel: "debug",
    });
    expect(plan({ version: "0.12.0" }).chart).toMatchObject({ version: "0.12.0" });
  });

  it("says what nobody sees of Karpenter, and of nothing else", () => {
    expect(karpenterNote("karpenter")).toMatch(/StaticCapacity/);
    expect([karpenterNote("byo"), karpenterNote("azure-gpu-provisioner")]).toEqual([undefined, undefined]);
  });

  it("is accepted with a combination, or refused for a reason in full, whatever is chosen", () => {
    const clusters = fc.record(
      { ...{ kaitoAddOn: fc.boolean(), nodeProvisioning: fc.constantFrom("autoscaler" as const, "node-auto-provisioning" as const) }, location: fc.constant("eastus"), nodeResourceGroup: fc.constant("nodes") },
      { requiredKeys: [] },
    );
    const decisions = fc.record(
      {
        channel: fc.constantFrom(...KAITO_CHANNELS),
        version: fc.constantFrom("0.6", "0.12", "0.12.0", "main", "0.9"),
        nodeProvisioner: fc.constantFrom(...KAITO_NODE_PROVISIONERS),
        devicePlugin: fc.constantFrom(...KAITO_DEVICE_PLUGINS),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(decisions, clusters, (chosen, cluster) => {
        const problems = refusalOf(() => plan(chosen, { environment: "development", ...cluster }));
        expect(problems.filter((problem) => !COMPLETE_PROBLEM.test(problem))).toEqual([]);
        fc.pre(problems.length === 0);
        const accepted = plan(chosen, { environment: "development", ...cluster });
        const { nodeProvisioner, chart } = accepted;
        expect(accepted.channel === "add-on").toBe(cluster.kaitoAddOn === true);
        expect(chart === undefined).toBe(accepted.channel === "add-on");
        expect([cluster.nodeProvisioning, undefined]).toContain(nodeProvisioner === "karpenter" ? "node-auto-provisioning" : undefined);
        expect(chart?.featureGates["disableNodeAutoProvisioning"] ?? false).toBe(nodeProvisioner === "byo");
      }),
    );
  });
});

const ADD_ON_VALUES = 'the add-on can be switched on and off, and takes no setting beside; fix: remove it, or use channel "chart"';

describe("planKaitoOperator refuses", () => {
  it.each<[string, Anything, KaitoContext["cluster"], KaitoOperatorInputs, string[]]>([
    ["a channel that is none", { channel: "helm" }, DEVELOPMENT, {}, ['AKSFT-KAITO-60 channel: got "helm"; is none of chart, add-on; fix: use one of chart, add-on']],
    ["a version that is not known", { version: "0.9" }, DEVELOPMENT, {}, ['AKSFT-KAITO-05 version: got "0.9"; is no version of KAITO that is known here: 0.6, 0.12, main; fix: use the one of these that the cluster runs']],
    [
      "a version that is the add-on's alone",
      { version: "0.6" },
      DEVELOPMENT,
      {},
      [
        'AKSFT-KAITO-61 version: got "0.6"; is driven as the AKS add-on alone, and channel is "chart"; fix: use "0.12", or channel "add-on"',
      ],
    ],
    ["a version that is not released", { version: "main" }, DEVELOPMENT, {}, ['AKSFT-KAITO-61 version: got "main"; is not released yet; fix: use "0.12"']],
    ["the same as an add-on", { channel: "add-on", version: "main" }, ADD_ON, {}, ['AKSFT-KAITO-61 version: got "main"; is not released yet; fix: use "0.6" or "0.12"']],
    [
      "an add-on that is off",
      { channel: "add-on" },
      DEVELOPMENT,
      {},
      [
        'AKSFT-KAITO-65 channel: got "add-on"; the add-on is not on in this cluster, as far as its reference says; ' +
          "fix: set addOns: { kaito: true } of the Cluster, or kaitoAddOn: true in the reference to an existing one",
      ],
    ],
    [
      "both",
      {},
      ADD_ON,
      {},
      ['AKSFT-KAITO-66 channel: got "chart"; the cluster has the add-on, and 2 controllers would fight over every Workspace; fix: use channel "add-on", or remove addOns.kaito from the Cluster'],
    ],
    [
      "an add-on with settings",
      { channel: "add-on", featureGates: { vLLM: false }, memoryMiB: 256 },
      ADD_ON,
      { image: "mcr.microsoft.com/a/b:1", override: () => undefined },
      ["featureGates", "memoryMiB", "image", "override"].map((path) => `AKSFT-KAITO-63 ${path}: got "a setting"; ${ADD_ON_VALUES}`),
    ],
    [
      "an add-on with another provisioner",
      { channel: "add-on", nodeProvisioner: "byo" },
      ADD_ON,
      {},
      ['AKSFT-KAITO-62 nodeProvisioner: got "byo"; the add-on does not have it; fix: use "azure-gpu-provisioner", or channel "chart"'],
    ],
    [
      "an add-on without its device plugin",
      { channel: "add-on", devicePlugin: "gpu-support" },
      ADD_ON,
      {},
      ['AKSFT-KAITO-73 devicePlugin: got "gpu-support"; the add-on brings its own device plugin and cannot be told not to; fix: use "kaito", and devicePlugin: false of GpuSupport'],
    ],
    ["a device plugin of nobody", { devicePlugin: "none" }, DEVELOPMENT, {}, ['AKSFT-KAITO-73 devicePlugin: got "none"; is none of gpu-support, kaito, other; fix: use one of gpu-support, kaito, other']],
    [
      "a provisioner that is none",
      { nodeProvisioner: "karpentr" },
      DEVELOPMENT,
      {},
      ['AKSFT-KAITO-62 nodeProvisioner: got "karpentr"; is none of azure-gpu-provisioner, karpenter, byo; fix: did you mean "karpenter"?'],
    ],
    [
      "Karpenter where there is none",
      { nodeProvisioner: "karpenter" },
      DEVELOPMENT,
      {},
      [
        'AKSFT-KAITO-64 nodeProvisioner: got "karpenter"; needs Karpenter, and the cluster\'s nodeProvisioning is "autoscaler"; ' +
          'fix: use "azure-gpu-provisioner" or "byo", or nodeProvisioning "node-auto-provisioning" of the Cluster',
      ],
    ],
    [
      "the GPU provisioner beside Karpenter",
      { nodeProvisioner: "azure-gpu-provisioner" },
      KARPENTER,
      {},
      [
        'AKSFT-KAITO-64 nodeProvisioner: got "azure-gpu-provisioner"; the cluster has node auto-provisioning, whose Karpenter is the one that answers NodeClaims; ' +
          'fix: use "karpenter", or nodeProvisioning "autoscaler" of the Cluster',
      ],
    ],
    [
      "the GPU provisioner of a cluster that is somewhere",
      {},
      { environment: "development", location: "eastus" },
      {},
      [
        "AKSFT-KAITO-74 cluster.nodeResourceGroup: got nothing; the GPU provisioner is told where the cluster's nodes are; " +
          "fix: give it in the reference to the existing cluster, as az aks show prints it",
      ],
    ],
    [
      "settings of another provisioner",
      { nodeProvisioner: "byo", tags: { owner: "ml" } },
      DEVELOPMENT,
      { provisionerImage: "mcr.microsoft.com/a/b:1", provisionerRoleId: "role" },
      ["provisionerImage", "provisionerRoleId", "tags"].map(
        (path) =>
          `AKSFT-KAITO-78 ${path}: got "a setting"; is for nodeProvisioner "azure-gpu-provisioner", which is "byo"; ` +
          'fix: remove it, or use nodeProvisioner "azure-gpu-provisioner"',
      ),
    ],
    [
      "feature discovery where KAITO makes the nodes",
      { featureDiscovery: true },
      DEVELOPMENT,
      {},
      ['AKSFT-KAITO-78 featureDiscovery: got "a setting"; is for nodeProvisioner "byo", which is "azure-gpu-provisioner"; fix: remove it, or use nodeProvisioner "byo"'],
    ],
    ["a gate that is none", { featureGates: { vllm: true } }, DEVELOPMENT, {}, ['AKSFT-KAITO-67 featureGates.vllm: got "vllm"; is no feature gate of KAITO; fix: did you mean "vLLM"?']],
    [
      "the gate that says who makes nodes",
      { featureGates: { disableNodeAutoProvisioning: true } },
      DEVELOPMENT,
      {},
      [
        'AKSFT-KAITO-68 featureGates.disableNodeAutoProvisioning: got "disableNodeAutoProvisioning"; follows from nodeProvisioner; ' +
          'fix: leave it out, and use nodeProvisioner "byo" for nodes of your own',
      ],
    ],
    [
      "parts of GPUs that KAITO buys",
      { featureGates: { enableMIG: true, enableAccelerator: true } },
      DEVELOPMENT,
      {},
      ["enableMIG", "enableAccelerator"].map(
        (gate) =>
          `AKSFT-KAITO-68 featureGates.${gate}: got true; parts of a GPU are for nodes of one's own, and nodeProvisioner is "azure-gpu-provisioner"; ` +
          'fix: leave it out, or use nodeProvisioner "byo"',
      ),
    ],
    [
      "streaming from nothing",
      { featureGates: { ModelStreaming: true } },
      DEVELOPMENT,
      {},
      ["AKSFT-KAITO-68 featureGates.ModelStreaming: got true; streams from a ModelMirror, whose gate is off; fix: set featureGates.ModelMirror to true too"],
    ],
    [
      "tags in production",
      {},
      KNOWN,
      {},
      [
        ["image", "mcr.microsoft.com/aks/kaito/workspace:0.12.0"],
        ["provisionerImage", "mcr.microsoft.com/aks/kaito/gpu-provisioner:0.4.2"],
      ].map(
        ([path, image]) =>
          `AKSFT-KAITO-69 ${path}: got "${image}"; a tag can move, and production takes images by digest alone; ` +
          `fix: give ${path} by tag and digest, as "…@sha256:…", which crane digest prints, or use environment "development"`,
      ),
    ],
    [
      "what is no image",
      {},
      DEVELOPMENT,
      { image: "workspace" },
      [
        'AKSFT-KAITO-69 image: got "workspace"; is no image reference with its registry in front; ' +
          'fix: use for example "mcr.microsoft.com/aks/kaito/workspace:0.12.0@sha256:…"',
      ],
    ],
    [
      "the image of another version",
      {},
      DEVELOPMENT,
      { image: "mcr.microsoft.com/aks/kaito/workspace:0.11.0" },
      ['AKSFT-KAITO-69 image: got "mcr.microsoft.com/aks/kaito/workspace:0.11.0"; is of version 0.11.0, and version is 0.12; fix: use the image of that version'],
    ],
    ["too little memory", { memoryMiB: 127 }, DEVELOPMENT, {}, ["AKSFT-KAITO-75 memoryMiB: got 127; must be a whole number from 128 to 16384; fix: use 128"]],
    [
      "mirrors that are none",
      { presetRegistry: "https://mlreg.azurecr.io/", chartRepository: "mlreg.azurecr.io/helm" },
      DEVELOPMENT,
      {},
      [
        'AKSFT-KAITO-76 presetRegistry: got "https://mlreg.azurecr.io/"; is no registry and path, without a scheme and without a slash at the end; fix: use for example "mlreg.azurecr.io/aks/kaito"',
        'AKSFT-KAITO-76 chartRepository: got "mlreg.azurecr.io/helm"; is neither a Helm repository, https://…, nor a registry, oci://…, without a slash at the end; fix: use for example "oci://mlreg.azurecr.io/helm"',
      ],
    ],
    ["a log level that is none", { logLevel: "warning" }, DEVELOPMENT, {}, ['AKSFT-KAITO-77 logLevel: got "warning"; is none of debug, info, warn, error; fix: use one of debug, info, warn, error']],
  ])("%s", (_, decisions, cluster, inputs, problems) => {
    expect(problemsOf(() => plan(decisions, cluster, inputs))).toEqual(problems);
  });

  it("a second one on a cluster, with a name that is none, and too many tags, all at once", () => {
    const tags = Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`t${index}`, "x"]));
    const problems = problemsOf(() => planKaitoOperator("Kaito", { tags }, {}, { cluster: DEVELOPMENT, taken: true }));
    expect(problems.map((problem) => problem.split(":")[0])).toEqual(["AKSFT-NAME-04 name", "AKSFT-KAITO-79 cluster", "AKSFT-TAG-01 tags"]);
  });

  it("nothing that is nearest to these", () => {
    const image = "mcr.microsoft.com/aks/kaito/workspace:nightly";
    const near = { memoryMiB: 16_384, presetRegistry: "localhost:5000/kaito", chartRepository: "https://charts.example/kaito" };
    expect(plan(near, DEVELOPMENT, { image }).chart).toMatchObject(near);
    expect(plan({ nodeProvisioner: "byo", featureGates: { enableMIG: true } }).chart).toMatchObject({ featureGates: { enableMIG: true } });
    expect(plan({}, DEVELOPMENT, { image: Promise.resolve("x") }).chart).toEqual(CHART);
  });
});

describe("one device plugin a node", () => {
  const both = "KAITO's device plugin lands on every node and GpuSupport's on the library's pools, and a node takes 1";
  const elsewhere = "somebody else brings the device plugin to KAITO's nodes, GpuSupport would too, and a node takes 1";
  const nobody = "KAITO leaves the device plugin to GpuSupport, which runs none, so that no node would offer its GPUs";
  const left = (provisioner: string) => `KAITO leaves the device plugin to GpuSupport, which would serve the library's pools and none of the nodes that ${provisioner} makes`;

  it.each([
    ["kaito", "azure-gpu-provisioner", true, false, `AKSFT-KAITO-70 devicePlugin: got "kaito"; ${both}; fix: set GpuSupport's devicePlugin to false, or by chart devicePlugin to "gpu-support"`],
    ["other", "byo", true, true, `AKSFT-KAITO-70 devicePlugin: got "other"; ${elsewhere}; fix: set GpuSupport's kaitoNodes to false, or devicePlugin to "gpu-support"`],
    ["gpu-support", "byo", false, true, `AKSFT-KAITO-71 devicePlugin: got "gpu-support"; ${nobody}; fix: set GpuSupport's devicePlugin to true, or devicePlugin to "kaito" or "other"`],
    ["gpu-support", "azure-gpu-provisioner", true, false, `AKSFT-KAITO-72 devicePlugin: got "gpu-support"; ${left("azure-gpu-provisioner")}; fix: set GpuSupport's kaitoNodes to true`],
  ])("is refused as %s with %s after a GpuSupport with plugin %s for KAITO's nodes %s", (devicePlugin, nodeProvisioner, plugin, kaitoNodes, problem) => {
    const gpuSupport = { devicePlugin: plugin, kaitoNodes };
    expect(problemsOf(() => plan({ devicePlugin, nodeProvisioner }, DEVELOPMENT, {}, { gpuSupport }))).toEqual([problem]);
  });

  it.each([
    ["kaito", "azure-gpu-provisioner", false, true],
    ["other", "azure-gpu-provisioner", true, false],
    ["other", "byo", false, true],
    ["gpu-support", "byo", true, false],
    ["gpu-support", "azure-gpu-provisioner", true, true],
  ] as const)("is accepted as %s with %s beside a GpuSupport with plugin %s for KAITO's nodes %s, in either order", (devicePlugin, nodeProvisioner, plugin, kaitoNodes) => {
    expect(plan({ devicePlugin, nodeProvisioner }, DEVELOPMENT, {}, { gpuSupport: { devicePlugin: plugin, kaitoNodes } })).toMatchObject({ devicePlugin });
    const support = planGpuSupport("gpu", { devicePlugin: plugin, kaitoNodes }, { devicePluginImage: "a", metricsExporterImage: "b" }, "development", { devicePlugin, nodeProvisioner });
    expect(support).toMatchObject({ devicePlugin: plugin, kaitoNodes });
  });

  it("is refused of the GpuSupport that comes second, in its own words", () => {
    const images = { devicePluginImage: "a", metricsExporterImage: "b" };
    const second = (kaito: "kaito" | "gpu-support") => problemsOf(() => planGpuSupport("gpu", {}, images, "development", { devicePlugin: kaito, nodeProvisioner: "karpenter" }));
    expect(second("kaito")).toEqual([`AKSFT-KAITO-70 devicePlugin: got true; ${both}; fix: set devicePlugin to false, or by chart KaitoOperator's devicePlugin to "gpu-support"`]);
    expect(second("gpu-support")).toEqual([`AKSFT-KAITO-72 devicePlugin: got true; ${left("karpenter")}; fix: set kaitoNodes to true`]);
  });
});
