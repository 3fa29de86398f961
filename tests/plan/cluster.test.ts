import { type ClusterDecisions, planCluster } from "../../components/plan/cluster";
import { COMPLETE_PROBLEM, messageOf, problemsOf } from "../support/refusal";

const RANGES = ["203.0.113.8/32"];
/** Production with what it cannot do without. */
const production = (changes: ClusterDecisions = {}): ClusterDecisions => ({ authorizedIpRanges: RANGES, asOf: "2026-11-26", ...changes });
const development = (changes: ClusterDecisions = {}): ClusterDecisions => ({ environment: "development", asOf: "2026-11-26", ...changes });

describe("planCluster", () => {
  it("is strict unless told otherwise", () => {
    expect(planCluster("ai", production())).toEqual({
      environment: "production",
      clusterName: undefined,
      dnsPrefix: "ai",
      kubernetesVersion: "1.36",
      givenVersion: "1.36",
      tier: "Standard",
      supportPlan: "KubernetesOfficial",
      authorizedIpRanges: RANGES,
      privateApiServer: false,
      upgrades: {
        channel: "patch",
        nodeOsChannel: "NodeImage",
        movesVersion: true,
        windows: [
          { suffix: "upgrades", configName: "aksManagedAutoUpgradeSchedule", dayOfWeek: "Sunday", startTime: "01:00", utcOffset: "+00:00", durationHours: 4 },
          { suffix: "node-images", configName: "aksManagedNodeOSUpgradeSchedule", dayOfWeek: "Sunday", startTime: "01:00", utcOffset: "+00:00", durationHours: 4 },
        ],
      },
      systemPool: { vmSize: "Standard_D4ds_v5", maxPods: 110, osDisk: "Ephemeral", zones: ["1", "2", "3"], nodes: 3, dedicated: true },
      workloadPool: {
        agentPoolName: expect.stringMatching(/^workload[0-9a-f]{4}$/),
        vmSize: "Standard_D4ds_v5",
        maxPods: 110,
        osDisk: "Ephemeral",
        zones: [],
        minNodes: 1,
        maxNodes: 3,
      },
      nodeProvisioning: "autoscaler",
      autoscaler: { expander: "least-waste", maxNodeProvisionMinutes: 10, scaleDownUnneededMinutes: 10, scaleDownDelayAfterAddMinutes: 10 },
      podRange: "10.244.0.0/16",
      serviceRange: "10.96.0.0/16",
      dnsServiceIp: "10.96.0.10",
      monitoring: { logs: "own", retentionDays: 30, containerLogs: true, metrics: "own", defender: true },
      addOns: { azurePolicy: true, keyVaultSecrets: true, kaito: false, imageCleanerHours: 48, costAnalysis: false },
      encryptionAtHost: true,
    });
  });

  it("is cheap and open in development", () => {
    expect(planCluster("ai", development())).toEqual({
      ...planCluster("ai", production()),
      environment: "development",
      tier: "Free",
      authorizedIpRanges: [],
      upgrades: { ...planCluster("ai", production()).upgrades, channel: "stable" },
      systemPool: { vmSize: "Standard_D4s_v5", maxPods: 110, osDisk: "Managed", zones: [], nodes: 1, dedicated: false },
      workloadPool: undefined,
      monitoring: { logs: "none", retentionDays: 30, containerLogs: false, metrics: "none", defender: false },
      addOns: { azurePolicy: false, keyVaultSecrets: false, kaito: false, imageCleanerHours: 48, costAnalysis: false },
      encryptionAtHost: false,
    });
  });

  it.each<[string, ClusterDecisions]>([
    ["tier", { tier: "Free" }],
    ["environment's pools", { workloadPool: false, systemPool: { nodes: 1, zones: [], vmSize: "Standard_D2s_v5" } }],
    ["monitoring", { monitoring: { logs: false, metrics: false } }],
    ["add-ons", { addOns: { azurePolicy: false, keyVaultSecrets: false } }],
    ["encryption at the host", { encryption: { atHost: false } }],
    ["upgrades", { upgrades: { channel: "none", nodeOsChannel: "None" } }],
  ])("lets production loosen its %s alone", (_, loosened) => {
    expect(() => planCluster("ai", production(loosened))).not.toThrow();
  });

  it("chooses a name in Azure only where azure-native's eight more characters do not fit", () => {
    expect(planCluster("a".repeat(55), production()).clusterName).toBeUndefined();
    expect(planCluster("a".repeat(56), production()).clusterName).toBe("a".repeat(56));
    expect(planCluster("a".repeat(63), production()).clusterName).toBe("a".repeat(63));
  });

  it("refuses an environment that there is not", () => {
    const environment: string = "prod";
    expect(problemsOf(() => planCluster("ai", production({ environment: environment as "production" })))).toEqual([
      'AKSFT-CLUSTER-29 environment: got "prod"; must be one of production, development; fix: use one of production, development',
    ]);
  });

  it("lists all problems at once, each complete", () => {
    const version: string = "1.30";
    const bad: ClusterDecisions = {
      asOf: "2026-11-26",
      dnsPrefix: "prod_cluster",
      kubernetesVersion: version as "1.36",
      tier: "Free",
      supportPlan: "AKSLongTermSupport",
      authorizedIpRanges: ["0.0.0.0/0"],
      privateApiServer: true,
      upgrades: { channel: "node-image", nodeOsChannel: "None", window: { durationHours: 3 } },
      systemPool: { nodes: 0, maxPods: 9, vmSize: "D4s" },
      workloadPool: { minNodes: 5, maxNodes: 2 },
      nodeProvisioning: "node-auto-provisioning",
      autoscaler: {},
      serviceRange: "10.244.128.0/20",
      dnsServiceIp: "10.1.0.10",
      monitoring: { logs: false, defender: true, retentionDays: 29 },
      addOns: { imageCleanerHours: 1, costAnalysis: true },
      encryption: { diskEncryptionSetId: "set" },
      identity: { id: "", principalId: "" },
      tags: { component: "mine" },
    };
    const codes = messageOf(() => planCluster("train-", bad)).split("\n");
    expect(codes.map((each) => each.split(" ").slice(0, 2).join(" "))).toEqual([
      'Cluster "train-"',
      "- AKSFT-NAME-02",
      "- AKSFT-CLUSTER-28",
      "- AKSFT-CLUSTER-01",
      "- AKSFT-CLUSTER-05",
      "- AKSFT-CLUSTER-02",
      "- AKSFT-CLUSTER-15",
      "- AKSFT-CLUSTER-30",
      "- AKSFT-CLUSTER-14",
      "- AKSFT-CLUSTER-19",
      "- AKSFT-CLUSTER-19",
      "- AKSFT-CLUSTER-03",
      "- AKSFT-CLUSTER-07",
      "- AKSFT-CLUSTER-08",
      "- AKSFT-CLUSTER-09",
      "- AKSFT-CLUSTER-11",
      "- AKSFT-CLUSTER-12",
      "- AKSFT-CLUSTER-20",
      "- AKSFT-CLUSTER-21",
      "- AKSFT-CLUSTER-23",
      "- AKSFT-CLUSTER-24",
      "- AKSFT-CLUSTER-25",
      "- AKSFT-CLUSTER-27",
      "- AKSFT-CLUSTER-27",
      "- AKSFT-TAG-02",
    ]);
    for (const problem of problemsOf(() => planCluster("train-", bad))) expect(problem).toMatch(COMPLETE_PROBLEM);
  });
});

describe("a cluster's resource group", () => {
  it("has a name that Azure takes, as far as it is known", () => {
    expect(problemsOf(() => planCluster("ai", production(), { resourceGroupName: "ml." }))).toEqual([
      expect.stringMatching(/^AKSFT-NAME-06 resourceGroupName: got "ml\."; .* fix: use for example "ml"$/),
    ]);
    expect(planCluster("ai", production(), { resourceGroupName: "ml" })).toEqual(planCluster("ai", production()));
    expect(planCluster("ai", production(), { resourceGroupName: Promise.resolve("ml.") })).toEqual(planCluster("ai", production()));
  });
});
