import { azureWrites } from "../../bench/azure-writes";
import { flatProgram } from "../../bench/by-hand/flat-program";
import type { Recorded, RecordedResource } from "../../bench/by-hand/recording";

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "s3" };

function resource(type: string, name: string, rest: Partial<RecordedResource> = {}): RecordedResource {
  return { kind: "resource", urn: name, type, name, inputs: {}, dependsOn: [], madeOf: {}, options: {}, ...rest };
}

const RECORDED: readonly Recorded[] = [
  { kind: "invoke", token: "azure-native:authorization:getClientConfig", inputs: {} },
  { kind: "invoke", token: "azure-native:authorization:getClientConfig", inputs: {} },
  { kind: "invoke", token: "azure-native:containerservice:listManagedClusterUserCredentials", inputs: { resourceName: "ai" } },
  resource("azure-native:containerservice:ManagedCluster", "ai", { options: { ignoreChanges: ["agentPoolProfiles"] } }),
  resource("pulumi:providers:kubernetes", "k8s", { inputs: { kubeconfig: "{}", deleteUnreachable: "true" }, dependsOn: ["ai"], madeOf: { kubeconfig: ["ai"] } }),
  resource("kubernetes:core/v1:Namespace", "ns", { provider: "k8s" }),
  resource("kubernetes:rbac.authorization.k8s.io/v1:Role", "role", { provider: "k8s", dependsOn: ["ns", "a component"], inputs: { token: SECRET, rules: [{ verbs: ["get"] }, null] } }),
  { kind: "read", urn: "live", type: "kubernetes:core/v1:ConfigMap", name: "live", id: "ns/live", provider: "k8s", dependsOn: ["ns"] },
];

describe("the program by hand", () => {
  it("registers what was recorded: classes, inputs made of others, provider, order, options and secrets", () => {
    expect(flatProgram(RECORDED).split("\n")).toEqual([
      'const pulumi = require("@pulumi/pulumi");',
      'const m0 = require("@pulumi/azure-native/containerservice");',
      'const m1 = require("@pulumi/kubernetes/provider");',
      'const m2 = require("@pulumi/kubernetes/core/v1");',
      'const m3 = require("@pulumi/kubernetes/rbac/v1");',
      "const from = (resources, value) => pulumi.all(resources.map((each) => each.id)).apply(() => value);",
      'pulumi.runtime.invokeOutput("azure-native:authorization:getClientConfig", {});',
      'const r0 = new m0.ManagedCluster("ai", {  }, { ignoreChanges: ["agentPoolProfiles"] });',
      'const r1 = new m1.Provider("k8s", { "kubeconfig": from([r0], "{}"), "deleteUnreachable": true }, {  });',
      'const r2 = new m2.Namespace("ns", {  }, { provider: r1 });',
      'const r3 = new m3.Role("role", { "token": pulumi.secret("s3"), "rules": [{ "verbs": ["get"] }, null] }, { provider: r1, dependsOn: [r2] });',
      'const r4 = m2.ConfigMap.get("live", from([r2], "ns/live"), { provider: r1, dependsOn: [r2] });',
      "",
    ]);
  });

  it("says which type no SDK has", () => {
    expect(() => flatProgram([resource("azure-native:nothing:Nothing", "x")])).toThrow("@pulumi/azure-native/nothing");
  });
});

describe("writes to Azure", () => {
  it("are counted for each cluster, with all under it, and for each pool", () => {
    const inCluster = (type: string, name: string, inputs: RecordedResource["inputs"] = {}) => resource(`azure-native:containerservice:${type}`, name, { inputs: { resourceName: "ai", ...inputs } });
    const recorded = [
      inCluster("ManagedCluster", "ai"),
      inCluster("AgentPool", "one", { agentPoolName: "one1234" }),
      inCluster("AgentPool", "two", { agentPoolName: "two1234" }),
      inCluster("MaintenanceConfiguration", "night"),
      resource("azure-native:resources:ResourceGroup", "ai"),
      resource("kubernetes:core/v1:Namespace", "ns"),
    ];
    expect(azureWrites(recorded, "prod").map(({ name, value, budget }) => [name, value, budget])).toEqual([
      ["writes to a cluster of prod", 4, 20],
      ["writes to a pool of prod", 1, 20],
      ["writes to Azure of prod", 5, undefined],
    ]);
  });
});
