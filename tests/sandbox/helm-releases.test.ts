import { Cluster } from "../../sandbox/providers/kubernetes/cluster";
import { parseConfiguration } from "../../sandbox/providers/kubernetes/configuration";
import { inInstallOrder, inUninstallOrder } from "../../sandbox/providers/kubernetes/helm/install-order";
import { plannedRelease, RELEASE, resourceNames } from "../../sandbox/providers/kubernetes/helm/release-inputs";
import { HelmReleases } from "../../sandbox/providers/kubernetes/helm/releases";
import { field, nameOf, text, withoutField } from "../../sandbox/providers/kubernetes/objects";
import { type Properties, Secret, UNKNOWN } from "../../sandbox/providers/values";
import { GPU_PROVISIONER_CHART, KAITO_CHART } from "../support/kaito/helm";

const about = { urn: "urn:pulumi:dev::test::release::kaito", type: RELEASE, name: "kaito", signal: new AbortController().signal };

async function releases(): Promise<HelmReleases> {
  return new HelmReleases(await Cluster.reach(parseConfiguration({ kubeconfig: "{}" })));
}

async function check(news: Properties, olds: Properties = {}) {
  return (await releases()).check({ ...about, olds, news, randomSeed: new Uint8Array([7]), autonaming: undefined });
}

describe("a Helm release", () => {
  it("is named by its logical name and a suffix, the same in preview and update, and keeps its name", async () => {
    const unnamed = withoutField(KAITO_CHART, ["name"]);
    const { inputs } = await check(unnamed);
    expect(inputs["name"]).toMatch(/^kaito-[0-9a-f]{8}$/);
    expect((await check(unnamed)).inputs["name"]).toBe(inputs["name"]);
    expect((await check(unnamed, { name: "old" })).inputs["name"]).toBe("old");
  });

  it("waits five minutes unless it is told otherwise, and lives in the default namespace", async () => {
    expect((await check(KAITO_CHART)).inputs).toMatchObject({ timeout: 300 });
    expect((await check({ ...KAITO_CHART, timeout: 60 })).inputs).toMatchObject({ timeout: 60 });
    expect((await check({ ...KAITO_CHART, skipAwait: true })).inputs["timeout"]).toBeUndefined();
    expect((await check(withoutField(KAITO_CHART, ["namespace"]))).inputs["namespace"]).toBe("default");
  });

  it("tells the names of all that it makes before it makes it", async () => {
    const { inputs } = await check({ ...KAITO_CHART, compat: "true" });
    expect(inputs["compat"]).toBeUndefined();
    expect(inputs["resourceNames"]).toEqual({
      "CustomResourceDefinition/apiextensions.k8s.io/v1": ["nodeclaims.karpenter.sh", "workspaces.kaito.sh", "inferencesets.kaito.sh"],
      "ConfigMap/v1": ["kaito-workspace/lora-params-template", "kaito-workspace/qlora-params-template"],
      "Deployment/apps/v1": ["kaito-workspace/kaito-workspace"],
      "DaemonSet/apps/v1": ["kaito-workspace/nvidia-device-plugin-daemonset"],
      "ValidatingAdmissionPolicy/admissionregistration.k8s.io/v1": ["workspaces.kaito.sh", "inferencesets.kaito.sh"],
      "ValidatingAdmissionPolicyBinding/admissionregistration.k8s.io/v1": ["workspaces.kaito.sh", "inferencesets.kaito.sh"],
    });
  });

  it("waits with that for values that are not known yet", async () => {
    const { inputs, failures } = await check({ ...KAITO_CHART, values: { clusterName: UNKNOWN } });
    expect([inputs["resourceNames"], inputs["checksum"], failures]).toEqual([undefined, undefined, undefined]);
  });

  it.each<[string, Properties, RegExp]>([
    ["a chart that nobody taught", { ...KAITO_CHART, chart: "ragengine" }, /knows no "ragengine" 0\.12\.0.*it knows workspace 0\.6\.0, 0\.12\.0 of .* and gpu-provisioner 0\.4\.2/],
    ["a version that nobody taught", { ...KAITO_CHART, version: "0.11.0" }, /knows no "workspace" 0\.11\.0/],
    ["a chart of that name from elsewhere", { ...KAITO_CHART, repositoryOpts: { repo: "https://example.com" } }, /of "https:\/\/example\.com"/],
    ["a provisioner that is none", { ...KAITO_CHART, values: { nodeProvisioner: "nobody" } }, /nodeProvisioner: "nobody" is none of/],
  ])("is refused for %s", async (_, news, says) => {
    const { failures = [] } = await check(news);
    expect(failures).toEqual([{ property: "chart", reason: expect.stringMatching(says) as string }]);
  });

  it("takes the latest version where none is named, and the address of an archive", () => {
    expect(plannedRelease(withoutField(KAITO_CHART, ["version"])).version).toBe("0.12.0");
    const archive = "https://raw.githubusercontent.com/Azure/gpu-provisioner/gh-pages/charts/gpu-provisioner-0.4.2.tgz";
    expect(plannedRelease({ chart: archive, name: "gp", namespace: "gp" })).toMatchObject({ chart: "gpu-provisioner", version: "0.4.2" });
  });

  it("is replaced by another name or place, upgraded by anything else", async () => {
    const { inputs } = await check(KAITO_CHART);
    const state = { ...inputs, __inputs: new Secret(inputs) };
    const replaces = async (changes: Properties) => {
      const { inputs: news } = await check({ ...KAITO_CHART, ...changes });
      const { replaces: paths, detailed } = (await releases()).diff({ ...about, id: "id", olds: state, oldInputs: inputs, news, ignoreChanges: [] });
      return { paths, changed: Object.keys(detailed ?? {}).length > 0 };
    };
    expect(await replaces({})).toEqual({ paths: [], changed: false });
    expect((await replaces({ name: "other" })).paths).toEqual(["name"]);
    expect((await replaces({ namespace: "other" })).paths).toEqual(["namespace"]);
    expect(await replaces({ values: { nodeProvisioner: "byo" } })).toEqual({ paths: [], changed: true });
  });

  it("marks what it makes as its own, and takes it away in the other order", () => {
    const { templates } = plannedRelease(GPU_PROVISIONER_CHART);
    for (const object of templates) {
      expect([text(object, "metadata", "labels", "app.kubernetes.io/managed-by"), text(object, "metadata", "annotations", "meta.helm.sh/release-name")]).toEqual(["Helm", "gpu-provisioner"]);
    }
    const kinds = (objects: readonly Properties[]) => objects.map(({ kind }) => kind);
    expect(kinds(inInstallOrder(templates))).toEqual(["ServiceAccount", "Deployment"]);
    expect(kinds(inUninstallOrder(templates))).toEqual(["Deployment", "ServiceAccount"]);
  });
});

describe("a controller's pod", () => {
  const podOf = (chart: Properties, values: Properties) =>
    field(plannedRelease({ ...chart, values }).templates.find(({ kind }) => kind === "Deployment"), "spec", "template", "spec");
  const SEALED = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

  it("meets the restricted standard in KAITO's chart, with the figures that are given", () => {
    const resources = { limits: { memory: "512Mi" } };
    expect(podOf(KAITO_CHART, { resources })).toMatchObject({
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [{ securityContext: SEALED, resources }],
    });
  });

  it("is as the values have it in the GPU provisioner's chart, which asks for nothing itself", () => {
    expect(podOf(GPU_PROVISIONER_CHART, {})).toMatchObject({ securityContext: { fsGroup: 1000 }, containers: [{ securityContext: {} }] });
    const values = { podSecurityContext: { runAsNonRoot: true }, controller: { securityContext: SEALED } };
    expect(podOf(GPU_PROVISIONER_CHART, values)).toMatchObject({ securityContext: { runAsNonRoot: true }, containers: [{ securityContext: SEALED }] });
  });
});

describe("KAITO's chart", () => {
  const render = (values: Properties) => plannedRelease({ ...KAITO_CHART, values }).templates;
  const controller = (values: Properties) => render(values).find(({ kind }) => kind === "Deployment") ?? {};

  it("runs its controller on a simulated node, told what makes nodes and what is switched on", () => {
    const pod = field(controller({ nodeProvisioner: "byo", featureGates: { disableNodeAutoProvisioning: true } }), "spec", "template", "spec");
    expect(field(pod, "containers", 0, "args")).toEqual([
      "--feature-gates=vLLM=true,disableNodeAutoProvisioning=true,enableInferenceSetController=true",
      "--node-provisioner=byo",
    ]);
    expect(field(pod, "nodeSelector", "sandbox.aks-fine-tuning.dev/simulated")).toBe("true");
  });

  it("takes images by digest, and secures its pod as upstream does, where the GPU provisioner's is secured by values alone", () => {
    const image = { repository: "mirror.io/workspace", tag: "0.12.0@sha256:abc" };
    const pod = (object: Properties) => field(object, "spec", "template", "spec");
    const kaito = pod(controller({ image }));
    expect(text(kaito, "containers", 0, "image")).toBe("mirror.io/workspace:0.12.0@sha256:abc");
    expect([field(kaito, "securityContext", "runAsNonRoot"), field(kaito, "containers", 0, "securityContext", "capabilities")]).toEqual([true, { drop: ["ALL"] }]);
    const values = { controller: { image: { digest: "sha256:abc" }, securityContext: { allowPrivilegeEscalation: false } }, podSecurityContext: { runAsNonRoot: true } };
    const provisioner = (more: Properties) => pod(plannedRelease({ ...GPU_PROVISIONER_CHART, values: more }).templates[1] ?? {});
    expect(text(provisioner(values), "containers", 0, "image")).toBe("mcr.microsoft.com/aks/kaito/gpu-provisioner:0.4.2@sha256:abc");
    expect(field(provisioner(values), "securityContext")).toEqual({ fsGroup: 1000, runAsNonRoot: true });
    expect(field(provisioner({}), "containers", 0, "securityContext")).toEqual({});
  });

  it("brings a device plugin unless it is told not to", () => {
    const plugins = (values: Properties) => resourceNames(render(values))["DaemonSet/apps/v1"];
    expect([plugins({}), plugins({ nvidiaDevicePlugin: { enabled: false } })]).toEqual([["kaito-workspace/nvidia-device-plugin-daemonset"], undefined]);
  });

  it("has no sets of servers in 0.6", () => {
    const old = plannedRelease({ ...KAITO_CHART, version: "0.6.0" }).templates;
    expect(old.filter(({ kind }) => kind === "CustomResourceDefinition").map(nameOf)).toEqual(["workspaces.kaito.sh"]);
  });
});
