import { type CheckpointsDecisions, type CheckpointsPlan, checkpointsProblems, planCheckpoints } from "./team/checkpoints";
import { DEFAULT_ENVIRONMENT, type Environment } from "./environment";
import { type Labels, labelProblems } from "./labels";
import type { PodSecurity } from "./manifests/pod-security";
import { derivedStorageName, nameProblems } from "./names";
import { type Problem, refuse } from "./refuse";
import { type Tags, tagProblems } from "./tags";
import { planTeamNetwork, type TeamNetworkDecisions, type TeamNetworkPlan, teamNetworkProblems, type TeamSurroundings } from "./team/network";
import { type PodSecurityDecisions, podSecurityProblems } from "./team/pod-security";
import { planQuota, type QuotaDecisions, type QuotaPlan, quotaProblems } from "./team/quota";

export interface TeamDecisions extends QuotaDecisions, TeamNetworkDecisions, CheckpointsDecisions, PodSecurityDecisions {
  /** What the team is for, which decides whether its share outlives it. @default - the cluster's */
  readonly environment?: Environment;
  /** Labels of the namespace. @default - none but the library's own */
  readonly labels?: Labels;
  /** Tags of the team's Azure resources. @default - none but the library's own */
  readonly tags?: Tags;
  /** Names of more service accounts that may push adapters, 19 at most. @default - runs alone */
  readonly pushers?: readonly string[];
}

/** What is known, when a team is planned, of what it stands on. */
export interface TeamFoundation {
  readonly cluster?: TeamSurroundings & { readonly environment?: Environment };
  /** Anything at all means that the share exists. */
  readonly checkpointsShare?: object;
}

export interface TeamPlan {
  readonly namespace: string;
  readonly environment: Environment;
  readonly storageAccountName: string;
  readonly podSecurity: PodSecurity;
  readonly quota: QuotaPlan;
  readonly network: TeamNetworkPlan;
  readonly checkpoints: CheckpointsPlan;
  /** Service accounts that may push, the runs' first. */
  readonly pushers: readonly string[];
}

/** Service accounts of every team: one for runs, which may push, and one for servers, which may do nothing. */
export const TUNING_ACCOUNT = "tuning";
export const SERVING_ACCOUNT = "serving";
/** The team's share and its claim. */
export const CHECKPOINTS = "checkpoints";

/** https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations#general-federated-identity-credential-considerations */
const MOST_CREDENTIALS = 20;
/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftmanagedidentity */
const LONGEST_CREDENTIAL = 120;

/** Namespaces of Kubernetes, of AKS, of `GpuSupport` and of `KaitoOperator`, where a quota and default-deny policies would stop the cluster's own pods. */
const RESERVED = /^(default|gpu-support|kaito-workspace|gpu-provisioner|gatekeeper-system|kube-.*|aks-.*)$/;

export function planTeam(name: string, project: string, stack: string, decisions: TeamDecisions & TeamFoundation): TeamPlan {
  const { cluster = {}, labels, tags, pushers = [], checkpointsShare } = decisions;
  const environment = decisions.environment ?? cluster.environment ?? DEFAULT_ENVIRONMENT;
  refuse(`Team "${name}"`, [
    ...nameProblems("namespace", "name", name),
    ...reservedProblems(name),
    ...quotaProblems(decisions),
    ...podSecurityProblems(decisions, decisions.containers),
    ...checkpointsProblems(decisions, checkpointsShare !== undefined),
    ...teamNetworkProblems(cluster, decisions),
    ...labelProblems("labels", labels),
    ...ownLabelProblems(labels),
    ...tagProblems("tags", tags),
    ...pusherProblems(pushers),
    ...credentialProblems(name, pushers),
  ]);
  return {
    namespace: name,
    environment,
    storageAccountName: derivedStorageName(project, stack, name),
    podSecurity: decisions.podSecurity ?? "restricted",
    quota: planQuota(decisions),
    network: planTeamNetwork(cluster, decisions),
    checkpoints: planCheckpoints(decisions, environment),
    pushers: [TUNING_ACCOUNT, ...pushers],
  };
}

function reservedProblems(name: string): Problem[] {
  if (!RESERVED.test(name)) return [];
  const rule = "is a namespace of the cluster's own (default, gpu-support, kaito-workspace, gpu-provisioner, gatekeeper-system, kube-…, aks-…)";
  return [{ code: "AKSFT-TEAM-03", path: "name", got: name, rule, fix: `use for example "team-${name}"` }];
}

/** Labels by which the namespace admits pods, and those that Kubernetes sets itself. */
function ownLabelProblems(labels: Labels = {}): Problem[] {
  const own = Object.keys(labels).filter((key) => /^pod-security\.kubernetes\.io\/|^kubernetes\.io\//.test(key));
  return own.map((key) => ({
    code: "AKSFT-TEAM-14",
    path: "labels",
    got: key,
    rule: "labels of pod-security.kubernetes.io are set by the library, and those of kubernetes.io by Kubernetes",
    fix: "leave it out",
  }));
}

/** Kubernetes names service accounts as DNS subdomains; those of a team keep to the part without dots. */
function pusherProblems(pushers: readonly string[]): Problem[] {
  const own: readonly string[] = [TUNING_ACCOUNT, SERVING_ACCOUNT, "default"];
  const taken = pushers.flatMap((name, index): Problem[] => {
    if (!own.includes(name) && !pushers.slice(0, index).includes(name)) return [];
    const rule = own.includes(name) ? `is a service account that every team has (${own.join(", ")})` : "is named twice";
    return [{ code: "AKSFT-TEAM-15", path: `pushers[${index}]`, got: name, rule, fix: "leave it out or choose another name" }];
  });
  const most = MOST_CREDENTIALS - 1;
  const tooMany: Problem = {
    code: "AKSFT-TEAM-16",
    path: "pushers",
    got: `${pushers.length} names`,
    rule: `at most ${most}: an identity has at most ${MOST_CREDENTIALS} federated credentials, and one of them is the runs' own`,
    fix: `remove ${pushers.length - most}, or let several workloads share one`,
  };
  return [
    ...pushers.flatMap((name, index) => nameProblems("namespace", `pushers[${index}]`, name)),
    ...taken,
    ...(pushers.length > most ? [tooMany] : []),
  ];
}

/** Name of the credential by which an account takes on the identity. */
export function credentialName(team: string, account: string): string {
  return account === TUNING_ACCOUNT ? `${team}-push` : `${team}-push-${account}`;
}

/** Azure's names of credentials have room for a long team or a long account, not for both; names out of their own bounds are refused as such. */
function credentialProblems(team: string, pushers: readonly string[]): Problem[] {
  return pushers.flatMap((name, index): Problem[] => {
    const { length } = credentialName(team, name);
    if (length <= LONGEST_CREDENTIAL || name.length > 63 || team.length > 63) return [];
    const rule = `gives its credential, ${team}-push-…, a name of ${length} characters, at most ${LONGEST_CREDENTIAL}`;
    return [{ code: "AKSFT-TEAM-17", path: `pushers[${index}]`, got: name, rule, fix: `shorten it by ${length - LONGEST_CREDENTIAL}` }];
  });
}
