import { drivenKaitoVersion, KAITO_VERSION_FACTS, kaitoFacts, kaitoVersionProblems } from "../../catalogue/kaito-versions";
import type { Problem } from "../../refuse";
import { choiceProblems } from "../../spelling";
import { KAITO_CHANNELS, type KaitoChannel, type KaitoOperatorDecisions, type KaitoOperatorInputs, type KaitoSurroundings } from "./decisions";

/** The add-on names its version in its documentation alone: https://learn.microsoft.com/azure/aks/ai-toolchain-operator */
const DEFAULT_VERSIONS = { "add-on": "0.6", chart: "0.12" } as const satisfies Record<KaitoChannel, string>;

export function versionOf({ channel = "chart", version }: KaitoOperatorDecisions): string {
  return version ?? DEFAULT_VERSIONS[channel];
}

/** The chart's version: the patch that is named, else the one that is known of the minor. */
export function chartVersion(version: string): string | undefined {
  const known = kaitoFacts(version)?.chart;
  return known === undefined || !/^v?\d+\.\d+\.\d+$/.test(version) ? known : version.replace(/^v/, "");
}

export function channelProblems(decisions: KaitoOperatorDecisions, inputs: KaitoOperatorInputs, cluster: KaitoSurroundings): Problem[] {
  const { channel = "chart" } = decisions;
  const choice = choiceProblems("AKSFT-KAITO-60", "channel", channel, KAITO_CHANNELS);
  if (choice.length > 0) return choice;
  return [
    ...kaitoVersionProblems("version", versionOf(decisions)),
    ...availabilityProblems(channel, versionOf(decisions)),
    ...(channel === "add-on" ? [...switchedOffProblems(cluster), ...valueProblems(decisions, inputs)] : twiceProblems(cluster)),
  ];
}

function availabilityProblems(channel: KaitoChannel, version: string): Problem[] {
  const facts = kaitoFacts(version);
  if (!facts || (channel === "chart" ? facts.chart !== undefined : facts.channel !== "unreleased")) return [];
  const others = Object.entries(KAITO_VERSION_FACTS).filter(([, each]) => (channel === "chart" ? "chart" in each : each.channel !== "unreleased"));
  const names = others.map(([name]) => `"${name}"`).join(" or ");
  const rule = facts.channel === "unreleased" ? "is not released yet" : "is driven as the AKS add-on alone, and channel is \"chart\"";
  const addOn = drivenKaitoVersion(version) === "0.6" ? ', or channel "add-on"' : "";
  return [{ code: "AKSFT-KAITO-61", path: "version", got: version, rule, fix: `use ${names}${addOn}` }];
}

function switchedOffProblems({ kaitoAddOn }: KaitoSurroundings): Problem[] {
  if (kaitoAddOn === true) return [];
  const rule = "the add-on is not on in this cluster, as far as its reference says";
  const fix = "set addOns: { kaito: true } of the Cluster, or kaitoAddOn: true in the reference to an existing one";
  return [{ code: "AKSFT-KAITO-65", path: "channel", got: "add-on", rule, fix }];
}

function twiceProblems({ kaitoAddOn }: KaitoSurroundings): Problem[] {
  if (kaitoAddOn !== true) return [];
  const rule = "the cluster has the add-on, and 2 controllers would fight over every Workspace";
  return [{ code: "AKSFT-KAITO-66", path: "channel", got: "chart", rule, fix: 'use channel "add-on", or remove addOns.kaito from the Cluster' }];
}

const VALUES = ["featureGates", "featureDiscovery", "localDisks", "presetRegistry", "chartRepository", "memoryMiB", "logLevel", "tags"] as const;
const INPUTS = ["image", "provisionerImage", "provisionerRoleId", "override"] as const;

/** The profile has one field, `enabled`: https://learn.microsoft.com/rest/api/aks/managed-clusters/create-or-update#managedclusteraitoolchainoperatorprofile */
function valueProblems(decisions: KaitoOperatorDecisions, inputs: KaitoOperatorInputs): Problem[] {
  const named = [...VALUES.filter((name) => decisions[name] !== undefined), ...INPUTS.filter((name) => inputs[name] !== undefined)];
  const rule = "the add-on can be switched on and off, and takes no setting beside";
  return named.map((name) => ({ code: "AKSFT-KAITO-63", path: name, got: "a setting", rule, fix: 'remove it, or use channel "chart"' }));
}
