import * as pulumi from "@pulumi/pulumi";
import { Cluster, type ClusterRef, GpuSupport, KaitoOperator, type KaitoOperatorArgs } from "../../components";
import { component, identity, kaito, KAITO_VALUES, PROVISIONER_IMAGE, provisioner, provisionerValues } from "../support/expected-kaito-operator";
import { mockEngine, type Registration } from "../support/mock-engine";
import { existingCluster, EXISTING_PROVIDER } from "../support/references";
import { problemsOf } from "../support/refusal";
import { byDigest } from "../support/tiny-recipe";

const PLACE = { location: "eastus", nodeResourceGroup: "nodes" };
const DEVELOPMENT: Partial<ClusterRef> = { environment: "development", ...PLACE };
const AFTER_PROVISIONER = { after: ["Release kaito-provisioner"] };
const DIGEST = `sha256:${"a".repeat(64)}`;

async function registeredWith(args: Partial<KaitoOperatorArgs>, cluster: Partial<ClusterRef> = DEVELOPMENT): Promise<Registration[]> {
  const engine = await mockEngine();
  new KaitoOperator("kaito", { cluster: existingCluster(cluster), ...args });
  return engine.registered();
}

function sorted(registrations: readonly Registration[]): Registration[] {
  const key = ({ type, name }: Registration) => `${type} ${name}`;
  return [...registrations, EXISTING_PROVIDER].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

describe("KaitoOperator by chart", () => {
  it("puts the GPU provisioner before KAITO, with an identity that may change this cluster's pools alone", async () => {
    expect(await registeredWith({})).toEqual(sorted([component({}), ...identity(), ...provisioner(), ...kaito({}, {}, AFTER_PROVISIONER)]));
  });

  it("leaves nodes to Karpenter where the cluster has it, without an identity", async () => {
    const nodes = { nodeProvisioner: "karpenter" };
    expect(await registeredWith({}, { ...DEVELOPMENT, nodeProvisioning: "node-auto-provisioning" })).toEqual(sorted([component(nodes), ...kaito(nodes)]));
  });

  it("labels one's own nodes, tainted or spot, and makes none", async () => {
    const tolerations = [
      { key: "CriticalAddonsOnly", operator: "Exists" },
      { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
      { key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" },
      { key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot", effect: "NoSchedule" },
    ];
    const discovery = { gfd: { enabled: true }, devicePlugin: { enabled: false }, nfd: { enabled: true, worker: { tolerations } }, tolerations };
    const featureGates = { ...KAITO_VALUES.featureGates, disableNodeAutoProvisioning: true };
    const nodes = { nodeProvisioner: "byo" };
    const values = { ...nodes, featureGates, "gpu-feature-discovery": discovery };
    expect(await registeredWith({ nodeProvisioner: "byo" }, { environment: "development" })).toEqual(sorted([component(nodes), ...kaito(values)]));
  });

  it("keeps its namespace restricted where no daemon needs a node", async () => {
    const args = { nodeProvisioner: "byo", featureDiscovery: false, localDisks: false, devicePlugin: "other" } as const;
    const values = {
      nodeProvisioner: "byo",
      featureGates: { ...KAITO_VALUES.featureGates, disableNodeAutoProvisioning: true },
      localCSIDriver: { useLocalCSIDriver: false },
      "gpu-feature-discovery": expect.objectContaining({ gfd: { enabled: false }, nfd: expect.objectContaining({ enabled: false }) }),
    };
    const made = component({ nodeProvisioner: "byo", devicePlugin: "other" });
    expect(await registeredWith(args, { environment: "development" })).toEqual(sorted([made, ...kaito(values, {}, { level: "restricted" })]));
  });

  it("brings the device plugin to every node, spot ones too, where it is to", async () => {
    const values = { nvidiaDevicePlugin: { enabled: true }, spotInstance: { enabled: true } };
    expect(await registeredWith({ devicePlugin: "kaito" })).toEqual(
      sorted([component({ devicePlugin: "kaito" }), ...identity(), ...provisioner(), ...kaito(values, {}, AFTER_PROVISIONER)]),
    );
  });

  it("takes images by digest in production, with a tag or without, known now or later", async () => {
    const image = `mlreg.azurecr.io/kaito/workspace:0.12.0@${DIGEST}`;
    const provisionerImage = pulumi.output(`mlreg.azurecr.io/kaito/gpu-provisioner@${DIGEST}`);
    const own = { image: { repository: "mlreg.azurecr.io/kaito/workspace", tag: `0.12.0@${DIGEST}`, pullPolicy: "IfNotPresent" } };
    const other = { repository: "mlreg.azurecr.io/kaito/gpu-provisioner", tag: "", digest: DIGEST };
    expect(await registeredWith({ image, provisionerImage }, PLACE)).toEqual(
      sorted([component({}), ...identity(), ...provisioner(other), ...kaito(own, {}, AFTER_PROVISIONER)]),
    );
  });

  it("writes an image that names its content alone so that the chart puts it together again", async () => {
    const image = `mlreg.azurecr.io/kaito/workspace@${DIGEST}`;
    const values = { nodeProvisioner: "byo", image: { repository: "mlreg.azurecr.io/kaito/workspace@sha256", tag: "a".repeat(64), pullPolicy: "IfNotPresent" } };
    const made = await registeredWith({ image, nodeProvisioner: "byo" });
    expect(made.find(({ type }) => type.endsWith(":Release"))?.inputs["values"]).toMatchObject(values);
  });

  it("takes charts and weights from mirrors, an existing role, figures and tags, and the last word", async () => {
    const args = {
      ...{ chartRepository: "oci://mlreg.azurecr.io/helm", presetRegistry: "mlreg.azurecr.io/aks/kaito", version: "0.12.1" },
      ...{ provisionerRoleId: "role-id", tags: { "cost-center": "4711" }, memoryMiB: 1024, logLevel: "info" },
      override: (release) => ({ ...release, description: "ours" }),
    } satisfies Partial<KaitoOperatorArgs>;
    const values = {
      image: { ...KAITO_VALUES.image, tag: "0.12.1" },
      resources: { ...KAITO_VALUES.resources, limits: { cpu: "500m", memory: "1024Mi" } },
      presetRegistryName: "mlreg.azurecr.io/aks/kaito",
      logging: { level: "info" },
    };
    const mirrored = (chart: string) => ({ chart: `oci://mlreg.azurecr.io/helm/${chart}`, repositoryOpts: undefined });
    const own = { ...mirrored("workspace"), version: "0.12.1", description: "ours" };
    const others = { ...mirrored("gpu-provisioner"), values: provisionerValues(PROVISIONER_IMAGE, "info") };
    const expected = [
      component({ version: "0.12.1" }),
      ...identity({ role: "role-id", tags: { "cost-center": "4711" } }),
      ...[...provisioner(PROVISIONER_IMAGE, others), ...kaito(values, own, AFTER_PROVISIONER)].map(withoutUndefined),
    ];
    expect(await registeredWith(args)).toEqual(sorted(expected));
  });

  it("tells the provisioner where the nodes of a Cluster of this library are", async () => {
    const engine = await mockEngine();
    const cluster = new Cluster("ai", { resourceGroupName: "group", network: { nodeSubnetId: "subnet-id" }, environment: "development" });
    new KaitoOperator("kaito", { cluster });
    const made = (await engine.registered()).find(({ type, name }) => type.endsWith(":Release") && name === "kaito-provisioner");
    const env = [
      { name: "LOCATION", value: "eastus" },
      { name: "AZURE_NODE_RESOURCE_GROUP", value: "ai-nodes" },
    ];
    expect(made?.inputs["values"]).toMatchObject({ controller: { env: expect.arrayContaining(env) } });
  });

  it("takes charts from a Helm repository in the network", async () => {
    const made = await registeredWith({ chartRepository: "https://charts.example/kaito" });
    const repositories = made.filter(({ type }) => type.endsWith(":Release")).map(({ inputs }) => [inputs["chart"], inputs["repositoryOpts"]]);
    expect(repositories).toEqual([
      ["workspace", { repo: "https://charts.example/kaito" }],
      ["gpu-provisioner", { repo: "https://charts.example/kaito" }],
    ]);
  });
});

/** As JSON has it. */
function withoutUndefined({ inputs, ...rest }: Registration): Registration {
  return { ...rest, inputs: Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined)) };
}

describe("KaitoOperator as the add-on", () => {
  it("makes nothing, and is what others wait for all the same", async () => {
    const engine = await mockEngine();
    const addOn = new KaitoOperator("kaito", { cluster: existingCluster({ kaitoAddOn: true }), channel: "add-on" });
    expect([addOn.version, addOn.nodeProvisioner, addOn.chart]).toEqual(["0.6", "azure-gpu-provisioner", undefined]);
    expect(await engine.registered()).toEqual([component({ channel: "add-on", version: "0.6", devicePlugin: "kaito" }), EXISTING_PROVIDER]);
  });
});

describe("KaitoOperator on a cluster", () => {
  const support = { metrics: false, devicePluginImage: byDigest("nvcr.io/nvidia/plugin", "1") };
  const code = (problem: string) => problem.split(":")[0];

  it("comes once", async () => {
    const engine = await mockEngine();
    const cluster = existingCluster({ kaitoAddOn: true });
    new KaitoOperator("kaito", { cluster, channel: "add-on" });
    expect(problemsOf(() => new KaitoOperator("again", { cluster, channel: "add-on" })).map(code)).toEqual(["AKSFT-KAITO-79 cluster"]);
    expect((await engine.registered()).map(({ name }) => name)).toEqual(["kaito", "ai"]);
  });

  it("agrees with GpuSupport on the device plugin, whichever comes first", async () => {
    const engine = await mockEngine();
    const first = existingCluster(DEVELOPMENT);
    new KaitoOperator("kaito", { cluster: first });
    expect(problemsOf(() => new GpuSupport("gpu-support", { cluster: first, ...support })).map(code)).toEqual(["AKSFT-KAITO-72 devicePlugin"]);
    new GpuSupport("gpu-support", { cluster: first, ...support, kaitoNodes: true });
    const second = { ...first };
    new GpuSupport("plain", { cluster: second, ...support });
    expect(problemsOf(() => new KaitoOperator("both", { cluster: second, devicePlugin: "kaito" })).map(code)).toEqual(["AKSFT-KAITO-70 devicePlugin"]);
    new KaitoOperator("other", { cluster: second, devicePlugin: "other" });
    const components = (await engine.registered()).filter(({ type }) => type.startsWith("aks-fine-tuning:"));
    expect(components.map(({ name }) => name)).toEqual(["gpu-support", "plain", "kaito", "other"]);
  });

  it("registers nothing for bad arguments, and leaves the cluster free for good ones", async () => {
    const engine = await mockEngine();
    const cluster = existingCluster(DEVELOPMENT);
    const bad = () => new KaitoOperator("kaito", { cluster, nodeProvisioner: "karpenter", memoryMiB: 0, image: "workspace" });
    expect(problemsOf(bad).map(code)).toEqual(["AKSFT-KAITO-64 nodeProvisioner", "AKSFT-KAITO-69 image", "AKSFT-KAITO-75 memoryMiB"]);
    new KaitoOperator("good", { cluster, nodeProvisioner: "byo" });
    const names = (await engine.registered()).map(({ name }) => name);
    expect(names.filter((name) => !name.startsWith("good"))).toEqual([EXISTING_PROVIDER.name]);
  });
});
