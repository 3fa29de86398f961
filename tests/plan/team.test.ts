import * as fc from "fast-check";
import { planTeam, type TeamDecisions, type TeamFoundation } from "../../components/plan/team";
import { problemsOf } from "../support/refusal";

const plan = (decisions: TeamDecisions & TeamFoundation = {}, name = "support") => planTeam(name, "ai", "dev", decisions);
const names = (count: number) => Array.from({ length: count }, (_, index) => `pusher-${index}`);

describe("planTeam", () => {
  it("fills every default, strictly, and names the namespace after the team", () => {
    const { storageAccountName, ...rest } = plan();
    expect(rest).toEqual({
      namespace: "support",
      environment: "production",
      podSecurity: "restricted",
      quota: {
        maxGpus: 8,
        quota: { pods: 100, cpuCores: 352, memoryGiB: 2688, localDiskGiB: 4352, volumeClaims: 10, objects: 2000 },
        containers: { memoryGiB: 1, localDiskGiB: 100, maxCpuCores: 128, maxMemoryGiB: 1900 },
      },
      network: { apiServerRanges: ["10.96.0.0/16"], allowedEgress: [], egressNames: [] },
      checkpoints: { checkpointsGiB: 100, zoneRedundant: false, encryptInTransit: false, softDeleteDays: 14, protect: true, retainOnDelete: true },
      pushers: ["tuning"],
    });
    expect(storageAccountName).toMatch(/^support[a-f0-9]{10}$/);
  });

  it("keeps nothing beyond its life in development, whose default is the cluster's", () => {
    const loose = { softDeleteDays: 0, protect: false, retainOnDelete: false };
    expect(plan({ environment: "development" }).checkpoints).toMatchObject(loose);
    expect(plan({ cluster: { environment: "development" } }).checkpoints).toMatchObject(loose);
    expect(plan({ environment: "production", cluster: { environment: "development" } }).environment).toBe("production");
  });

  it("takes the services' range from its cluster: runs reach the API server there, and nothing else may be let in", () => {
    const cluster = { serviceRange: "172.20.0.0/16" };
    expect(plan({ cluster }).network.apiServerRanges).toEqual(["172.20.0.0/16"]);
    const problems = problemsOf(() => plan({ cluster, allowedEgress: [{ range: "172.20.8.0/24", ports: [443] }] }));
    expect(problems.map((problem) => problem.split(":")[0])).toEqual(["AKSFT-TEAM-09 allowedEgress[0].range"]);
    expect(plan({ cluster, allowedEgress: [{ range: "10.96.8.0/24", ports: [443] }] }).network.allowedEgress).toHaveLength(1);
  });

  it("lets each default be overridden by itself", () => {
    expect(plan({ protect: false }).checkpoints).toMatchObject({ protect: false, retainOnDelete: true, softDeleteDays: 14 });
    const strict = { protect: true, retainOnDelete: true, softDeleteDays: 1, zoneRedundant: true, encryptInTransit: true };
    expect(plan({ environment: "development", ...strict }).checkpoints).toMatchObject(strict);
  });

  it("knows the private addresses of the network", () => {
    const network = { nodeRange: "10.100.0.0/20", privateEndpoints: { range: "10.100.16.0/24" } };
    expect(plan({ cluster: { network } }).network).toMatchObject({ apiServerRanges: ["10.96.0.0/16"], privateEndpointsRange: "10.100.16.0/24" });
    expect(plan({ cluster: { network, privateApiServer: true } }).network.apiServerRanges).toEqual(["10.96.0.0/16", "10.100.0.0/20"]);
  });

  it.each<TeamDecisions & TeamFoundation>([
    { maxGpus: 0 },
    { maxGpus: 10_000 },
    { checkpointsGiB: 100 },
    { checkpointsGiB: 102_400 },
    { softDeleteDays: 0 },
    { softDeleteDays: 365 },
    { quota: { pods: 1, cpuCores: 1, memoryGiB: 1, localDiskGiB: 1, volumeClaims: 1, objects: 10 } },
    { containers: { memoryGiB: 8, maxMemoryGiB: 8, maxCpuCores: 1, localDiskGiB: 1 } },
    { labels: { "example.com/owner": "x".repeat(63) } },
    { tags: { "cost-center": "4711" } },
    { pushers: names(19) },
    { podSecurity: "baseline", containers: { memoryGiB: 1, localDiskGiB: 1 } },
    { podSecurity: "privileged", containers: { memoryGiB: 220, localDiskGiB: 300 } },
    { podSecurity: "restricted" },
    { allowedEgress: [{ range: "10.20.0.0/24", ports: [1, 65_535] }] },
    { allowedEgress: [{ range: "10.95.0.0/16", ports: [443] }] },
    { egressNames: ["huggingface.co", "*.huggingface.co"] },
    { checkpointsShare: {}, encryptInTransit: true, checkpointsGiB: 200 },
    { cluster: { privateApiServer: true, network: { nodeRange: "10.100.0.0/20" } } },
  ])("accepts %j", (decisions) => {
    expect(plan(decisions).namespace).toBe("support");
  });

  it.each<[TeamDecisions & TeamFoundation, string]>([
    [{ maxGpus: -1 }, "AKSFT-TEAM-01 maxGpus: got -1; must be a whole number from 0 to 10000; fix: use 0"],
    [{ maxGpus: 10_001 }, "AKSFT-TEAM-01 maxGpus: got 10001; must be a whole number from 0 to 10000; fix: use 10000"],
    [{ checkpointsGiB: 99 }, "AKSFT-TEAM-02 checkpointsGiB: got 99; must be a whole number from 100 to 102400; fix: use 100"],
    [{ checkpointsGiB: 102_401 }, "AKSFT-TEAM-02 checkpointsGiB: got 102401; must be a whole number from 100 to 102400; fix: use 102400"],
    [{ quota: { pods: 0 } }, "AKSFT-TEAM-04 quota.pods: got 0; must be a whole number from 1 to 100000; fix: use 1"],
    [{ quota: { cpuCores: 0.5 } }, "AKSFT-TEAM-04 quota.cpuCores: got 0.5; must be a whole number from 1 to 1000000; fix: use 1"],
    [{ quota: { memoryGiB: 0 } }, "AKSFT-TEAM-04 quota.memoryGiB: got 0; must be a whole number from 1 to 10000000; fix: use 1"],
    [{ quota: { localDiskGiB: 0 } }, "AKSFT-TEAM-04 quota.localDiskGiB: got 0; must be a whole number from 1 to 10000000; fix: use 1"],
    [{ quota: { volumeClaims: 0 } }, "AKSFT-TEAM-04 quota.volumeClaims: got 0; must be a whole number from 1 to 10000; fix: use 1"],
    [{ quota: { objects: 9 } }, "AKSFT-TEAM-04 quota.objects: got 9; must be a whole number from 10 to 1000000; fix: use 10"],
    [{ containers: { memoryGiB: 9, maxMemoryGiB: 8 } }, "AKSFT-TEAM-05 containers.memoryGiB: got 9; must be a whole number from 1 to 8; fix: use 8"],
    [{ containers: { memoryGiB: 1901 } }, "AKSFT-TEAM-05 containers.memoryGiB: got 1901; must be a whole number from 1 to 1900; fix: use 1900"],
    [{ containers: { localDiskGiB: 0 } }, "AKSFT-TEAM-05 containers.localDiskGiB: got 0; must be a whole number from 1 to 100000; fix: use 1"],
    [{ containers: { maxCpuCores: 1001 } }, "AKSFT-TEAM-05 containers.maxCpuCores: got 1001; must be a whole number from 1 to 1000; fix: use 1000"],
    [{ containers: { maxMemoryGiB: 0 } }, "AKSFT-TEAM-05 containers.maxMemoryGiB: got 0; must be a whole number from 1 to 100000; fix: use 1"],
    [
      { podSecurity: "base" as "baseline" },
      'AKSFT-TEAM-18 podSecurity: got "base"; is none of restricted, baseline, privileged; fix: use one of restricted, baseline, privileged',
    ],
    [
      { podSecurity: "baseline", containers: { localDiskGiB: 300 } },
      'AKSFT-TEAM-19 containers.memoryGiB: got nothing; with podSecurity "baseline" must be given: a container that names no limit, as KAITO\'s, gets 1 GiB ' +
        "otherwise, and is ended when it passes that; fix: use what the team's largest node has, for example 220 GiB of memory and 300 GiB of disk on " +
        "Standard_NC24ads_A100_v4, or 1",
    ],
    [
      { podSecurity: "privileged", containers: { memoryGiB: 1 } },
      'AKSFT-TEAM-19 containers.localDiskGiB: got nothing; with podSecurity "privileged" must be given: a container that names no limit, as KAITO\'s, gets ' +
        "100 GiB otherwise, and is ended when it passes that; fix: use what the team's largest node has, for example 220 GiB of memory and 300 GiB of disk " +
        "on Standard_NC24ads_A100_v4, or 100",
    ],
    [{ softDeleteDays: 366 }, "AKSFT-TEAM-12 softDeleteDays: got 366; must be a whole number from 0 to 365; fix: use 365"],
    [
      { checkpointsShare: {}, protect: true },
      "AKSFT-TEAM-13 protect: got true; is a setting of a share that the team makes, and checkpointsShare names one that exists; " +
        "fix: leave protect or checkpointsShare out",
    ],
    [
      { labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
      'AKSFT-TEAM-14 labels: got "pod-security.kubernetes.io/enforce"; labels of pod-security.kubernetes.io are set by the library, and those of ' +
        "kubernetes.io by Kubernetes; fix: leave it out",
    ],
    [
      { labels: { team: "x".repeat(64) } },
      `AKSFT-LABEL-02 labels.team: got "${"x".repeat(64)}"; a label's value has at most 63 letters, digits, "-", "_" and ".", with a letter or digit ` +
        `at both ends, has 64 characters; fix: use for example "${"x".repeat(63)}"`,
    ],
    [
      { tags: { component: "mine" } },
      'AKSFT-TAG-02 tags.component: got "component"; the library sets managed-by and component itself; fix: use another name, for example ' +
        '"component-of-ours"',
    ],
    [
      { pushers: ["tuning"] },
      'AKSFT-TEAM-15 pushers[0]: got "tuning"; is a service account that every team has (tuning, serving, default); fix: leave it out or choose ' +
        "another name",
    ],
    [{ pushers: ["ci", "ci"] }, 'AKSFT-TEAM-15 pushers[1]: got "ci"; is named twice; fix: leave it out or choose another name'],
    [
      { pushers: names(20) },
      'AKSFT-TEAM-16 pushers: got "20 names"; at most 19: an identity has at most 20 federated credentials, and one of them is the runs\' own; ' +
        "fix: remove 1, or let several workloads share one",
    ],
    [
      { cluster: { privateApiServer: true } },
      "AKSFT-TEAM-06 cluster.network.nodeRange: got nothing; is needed where the API server is private: the policy that lets runs reach it names " +
        'the range it is in; fix: give the nodes\' range, for example "10.100.0.0/20"',
    ],
    [
      { cluster: { network: { privateEndpoints: { range: "10.100.16.1/24" } } } },
      'AKSFT-TEAM-07 cluster.network.privateEndpoints.range: got "10.100.16.1/24"; needs an IPv4 range whose address is its first, as 10.0.0.0/16; ' +
        'fix: use for example "10.100.0.0/16"',
    ],
    [
      { cluster: { network: { nodeRange: "10.100.0.0" } } },
      'AKSFT-TEAM-07 cluster.network.nodeRange: got "10.100.0.0"; needs an IPv4 range whose address is its first, as 10.0.0.0/16; ' +
        'fix: use for example "10.100.0.0/16"',
    ],
    [
      { allowedEgress: [{ range: "10.20.0.1/24", ports: [443] }] },
      'AKSFT-TEAM-07 allowedEgress[0].range: got "10.20.0.1/24"; needs an IPv4 range whose address is its first, as 10.0.0.0/16; ' +
        'fix: use for example "10.100.0.0/16"',
    ],
    [
      { allowedEgress: [{ range: "169.254.0.0/16", ports: [80] }] },
      'AKSFT-TEAM-08 allowedEgress[0].range: got "169.254.0.0/16"; covers 169.254.169.254, the node\'s metadata service, which no pod of a team may ' +
        'reach; fix: give the range of what is meant alone, for example "10.20.0.0/24"',
    ],
    [
      { allowedEgress: [{ range: "168.63.129.16/32", ports: [80] }] },
      'AKSFT-TEAM-08 allowedEgress[0].range: got "168.63.129.16/32"; covers 168.63.129.16, Azure\'s platform address, which no pod of a team may ' +
        'reach; fix: give the range of what is meant alone, for example "10.20.0.0/24"',
    ],
    [
      { allowedEgress: [{ range: "10.244.1.0/24", ports: [80] }] },
      'AKSFT-TEAM-09 allowedEgress[0].range: got "10.244.1.0/24"; overlaps the range of the cluster\'s pods, 10.244.0.0/16, which policies select by ' +
        "labels and never by address; fix: leave it out, and add a NetworkPolicy that selects pods",
    ],
    [
      { allowedEgress: [{ range: "10.96.0.0/24", ports: [80] }] },
      'AKSFT-TEAM-09 allowedEgress[0].range: got "10.96.0.0/24"; overlaps the range of the cluster\'s services, 10.96.0.0/16, which policies select by ' +
        "labels and never by address; fix: leave it out, and add a NetworkPolicy that selects pods",
    ],
    [
      { allowedEgress: [{ range: "10.20.0.0/24", ports: [] }] },
      "AKSFT-TEAM-10 allowedEgress[0].ports: got []; needs one port or more, for none would mean all of them; fix: use for example [443]",
    ],
    [
      { allowedEgress: [{ range: "10.20.0.0/24", ports: [443, 65_536] }] },
      "AKSFT-TEAM-10 allowedEgress[0].ports[1]: got 65536; must be a whole number from 1 to 65535; fix: use 65535",
    ],
    [
      { egressNames: ["https://Huggingface.co/models"] },
      'AKSFT-TEAM-11 egressNames[0]: got "https://Huggingface.co/models"; needs a DNS name in lower case, with "*." in front for any name under it; ' +
        'fix: use "huggingface.co"',
    ],
    [
      { egressNames: ["*"] },
      'AKSFT-TEAM-11 egressNames[0]: got "*"; needs a DNS name in lower case, with "*." in front for any name under it; ' +
        'fix: use for example "huggingface.co" or "*.huggingface.co"',
    ],
  ])("refuses %j", (decisions, problem) => {
    expect(problemsOf(() => plan(decisions))).toEqual([problem]);
  });

  it.each(["default", "gpu-support", "kube-system", "aks-command"])("refuses %p, which is the cluster's own, and proposes one that is not", (name) => {
    expect(problemsOf(() => plan({}, name))).toEqual([expect.stringMatching(new RegExp(`^AKSFT-TEAM-03 name: got "${name}"; .*"team-${name}"$`))]);
    expect(plan({}, `team-${name}`).namespace).toBe(`team-${name}`);
  });

  it("lists all problems at once, with a namespace that Kubernetes takes", () => {
    const problems = problemsOf(() => plan({ maxGpus: -1, checkpointsGiB: 1, pushers: ["CI"] }, "Fine_Tune"));
    expect(problems.map((problem) => problem.slice(0, 13))).toEqual(["AKSFT-NAME-05", "AKSFT-TEAM-01", "AKSFT-TEAM-02", "AKSFT-NAME-05"]);
    expect(problems[0]).toMatch(/got "Fine_Tune".*use for example "fine-tune"$/);
    expect(problems[3]).toMatch(/^AKSFT-NAME-05 pushers\[0\]: got "CI".*use for example "ci"$/);
    expect(plan({}, "fine-tune").namespace).toBe("fine-tune");
  });

  it("grows the quota with the GPUs", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999 }), (maxGpus) => {
        const [less, more] = [plan({ maxGpus }).quota.quota, plan({ maxGpus: maxGpus + 1 }).quota.quota];
        expect([more.cpuCores - less.cpuCores, more.memoryGiB - less.memoryGiB, more.localDiskGiB - less.localDiskGiB]).toEqual([40, 320, 512]);
      }),
    );
  });
});

describe("a pusher's credential", () => {
  const team = "t".repeat(63);

  it("has a name of at most 120 characters", () => {
    expect(problemsOf(() => plan({ pushers: ["ci", "w".repeat(52)] }, team))).toEqual([
      `AKSFT-TEAM-17 pushers[1]: got "${"w".repeat(52)}"; gives its credential, ${team}-push-…, a name of 121 characters, at most 120; fix: shorten it by 1`,
    ]);
    expect(plan({ pushers: ["w".repeat(51)] }, team).pushers).toEqual(["tuning", "w".repeat(51)]);
  });

  it("is not told of where the names themselves are at fault", () => {
    expect(problemsOf(() => plan({ pushers: ["w".repeat(64)] }, team))).toEqual([expect.stringMatching(/^AKSFT-NAME-05 pushers\[0\]/)]);
  });
});
