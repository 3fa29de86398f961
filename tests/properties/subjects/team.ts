import { Team } from "../../../components";
import { type TeamGiven, teamGiven } from "../arbitraries/team";
import type { Mutation, Subject } from "../subject";
import { labelMutations, tagMutations } from "./shared";

type Row = Mutation<TeamGiven>;

const OWN_SHARE = { args: { existing: [] } };
const egress = (range: string, ports: readonly number[] = [443]) => ({ args: { allowedEgress: [{ range, ports }] } });
const names = (egressNames: readonly string[]) => ({ args: { egressNames } });
const pushers = (given: readonly string[]) => ({ args: { pushers: given } });
const figures = (containers: object) => ({ args: { containers } });

const places: readonly Row[] = [
  { fault: "a namespace with capitals and underscores", code: "AKSFT-NAME-05", argument: "name", rule: "a namespace is a DNS label", name: "Fine_Tune", nearest: { name: "fine-tune" } },
  { fault: "a namespace of 64 characters", code: "AKSFT-NAME-05", argument: "name", rule: "a namespace is a DNS label", name: "t".repeat(64), nearest: { name: "t".repeat(63), args: { pushers: [] } } },
  { fault: "a namespace of Kubernetes", code: "AKSFT-TEAM-03", argument: "name", name: "kube-system", nearest: { name: "team-kube-system" } },
  { fault: "KAITO's namespace", code: "AKSFT-TEAM-03", argument: "name", name: "kaito-workspace", nearest: { name: "team-kaito-workspace" } },
  { fault: "the default namespace", code: "AKSFT-TEAM-03", argument: "name", name: "default", nearest: { name: "team-default" } },
  { fault: "a label of the library", code: "AKSFT-TEAM-14", argument: "labels", args: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } }, nearest: { args: { labels: { "example.com/enforce": "privileged" } } } },
];

const amounts: readonly Row[] = [
  { fault: "less than no GPUs", code: "AKSFT-TEAM-01", argument: "maxGpus", args: { maxGpus: -1 }, nearest: { args: { maxGpus: 0 } } },
  { fault: "half a GPU", code: "AKSFT-TEAM-01", argument: "maxGpus", args: { maxGpus: 0.5 }, nearest: { args: { maxGpus: 1 } } },
  { fault: "a quota of no pods", code: "AKSFT-TEAM-04", argument: "quota.pods", args: { quota: { pods: 0 } }, nearest: { args: { quota: { pods: 1 } } } },
  { fault: "a usual limit above the highest", code: "AKSFT-TEAM-05", argument: "containers.memoryGiB", ...figures({ memoryGiB: 9, maxMemoryGiB: 8 }), nearest: figures({ memoryGiB: 8, maxMemoryGiB: 8 }) },
  { fault: "what asks of no pods", code: "AKSFT-TEAM-18", argument: "podSecurity", args: { podSecurity: "strict" }, nearest: { args: { podSecurity: "restricted" } } },
  { fault: "root's pods without figures", code: "AKSFT-TEAM-19", argument: "containers", args: { podSecurity: "baseline", containers: {} }, nearest: { args: { podSecurity: "baseline", containers: { memoryGiB: 220, localDiskGiB: 300 } } } },
  { fault: "a share smaller than any premium one", code: "AKSFT-TEAM-02", argument: "checkpointsGiB", args: { checkpointsGiB: 99 }, nearest: { args: { checkpointsGiB: 100 } } },
  { fault: "a share larger than any", code: "AKSFT-TEAM-02", argument: "checkpointsGiB", args: { checkpointsGiB: 102_401 }, nearest: { args: { checkpointsGiB: 102_400 } } },
  { fault: "a deleted share that is kept for 366 days", code: "AKSFT-TEAM-12", argument: "softDeleteDays", on: OWN_SHARE, args: { softDeleteDays: 366 }, nearest: { args: { softDeleteDays: 365 } } },
  { fault: "a setting of somebody else's share", code: "AKSFT-TEAM-13", argument: "zoneRedundant", args: { existing: ["share"], zoneRedundant: true, softDeleteDays: undefined, protect: undefined, retainOnDelete: undefined }, nearest: { args: { existing: [], zoneRedundant: true } }, alone: true },
];

const ways: readonly Row[] = [
  { fault: "a private API server that nobody knows the place of", code: "AKSFT-TEAM-06", argument: "cluster.network.nodeRange", args: { network: "bare", privateApiServer: true }, nearest: { args: { network: "private", privateApiServer: true } } },
  { fault: "a way to no range", code: "AKSFT-TEAM-07", argument: "allowedEgress", ...egress("10.20.0.1/24"), nearest: egress("10.20.0.0/24") },
  { fault: "a way to the metadata of the node", code: "AKSFT-TEAM-08", argument: "allowedEgress", ...egress("169.254.0.0/16"), nearest: egress("10.20.0.7/32") },
  { fault: "a way to all pods", code: "AKSFT-TEAM-09", argument: "allowedEgress", ...egress("10.244.0.0/16"), nearest: egress("10.245.0.0/16") },
  { fault: "a port above the last", code: "AKSFT-TEAM-10", argument: "allowedEgress", ...egress("10.20.0.0/24", [65_536]), nearest: egress("10.20.0.0/24", [65_535]) },
  { fault: "a URL for a name", code: "AKSFT-TEAM-11", argument: "egressNames", ...names(["https://huggingface.co"]), nearest: names(["huggingface.co"]) },
  { fault: "a pusher that every team has", code: "AKSFT-TEAM-15", argument: "pushers", ...pushers(["serving"]), nearest: pushers(["serving-ci"]) },
  { fault: "a pusher twice", code: "AKSFT-TEAM-15", argument: "pushers", ...pushers(["ci", "ci"]), nearest: pushers(["ci", "cd"]) },
  { fault: "a pusher with capitals", code: "AKSFT-NAME-05", argument: "pushers", ...pushers(["CI"]), nearest: pushers(["ci"]) },
  { fault: "a pusher whose credential has too long a name", code: "AKSFT-TEAM-17", argument: "pushers", name: "t".repeat(63), ...pushers(["w".repeat(52)]), nearest: { name: "t".repeat(63), ...pushers(["w".repeat(51)]) }, alone: true },
  { fault: "20 pushers", code: "AKSFT-TEAM-16", argument: "pushers", ...pushers(many(20)), nearest: pushers(many(19)) },
];

function many(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `ci-${index}`);
}

export const team: Subject<TeamGiven> = {
  given: teamGiven,
  register: ({ name, args }, world) => {
    const { network, privateApiServer, kubernetesVersion, existing, ...rest } = args;
    return new Team(name, {
      ...rest,
      cluster: world.cluster({ kubernetesVersion, network: world.network(network), privateApiServer }),
      adapters: world.registry,
      pushIdentity: existing.includes("identity") ? world.identity : undefined,
      checkpointsShare: existing.includes("share") ? world.share : undefined,
    });
  },
  mutations: [...places, ...amounts, ...ways, ...labelMutations<TeamGiven>(), ...tagMutations<TeamGiven>()],
};
