import { ENDED_VERSIONS, endOfSupport, isKubernetesVersion, VERSIONS_READ } from "../../../components/plan/catalogue/kubernetes-versions";
import { isRetiringKaitoPreset } from "../../../components/plan/catalogue/retiring-kaito-presets";
import { unusableReason } from "../../../components/plan/catalogue/unusable-gpu-sizes";
import { clean } from "../clean";
import { textOf } from "../read/json";
import type { Change } from "./change";
import { inOrder } from "./order";
import { inputAt } from "./things";

/** Something in the preview that goes out of support. */
export interface Ending {
  readonly what: string;
  /** Resources that use it. */
  readonly names: readonly string[];
  /** What is known of its end, as a clause. */
  readonly end: string;
}

/** Months within which an end is soon. */
const SOON_MONTHS = 6;

/** What ends soon of all that is there after the update. */
export function endingsOf(changes: readonly Change[]): readonly Ending[] {
  const found = new Map<string, { readonly end: string; readonly names: Set<string> }>();
  for (const change of changes) {
    if (change.action === "delete" || change.action === "read") continue;
    for (const [what, end] of [...kubernetesEnding(change), ...apiEnding(change), ...presetEnding(change), ...sizeEnding(change)]) {
      const known = found.get(what) ?? { end, names: new Set<string>() };
      known.names.add(change.name);
      found.set(what, known);
    }
  }
  return [...found].map(([what, { end, names }]) => ({ what, end, names: [...names].sort(inOrder) })).sort((one, other) => inOrder(one.what, other.what));
}

type Told = readonly (readonly [what: string, end: string])[];

function kubernetesEnding({ type, new: after }: Change): Told {
  const cluster = /^azure-native:containerservice[^:]*:ManagedCluster$/.test(type);
  if (!cluster && !/^azure-native:containerservice[^:]*:AgentPool$/.test(type)) return [];
  const version = textOf(after?.inputs[cluster ? "kubernetesVersion" : "orchestratorVersion"]);
  const minor = /^1\.\d{1,3}/.exec(version ?? "")?.[0];
  if (minor === undefined) return [];
  const what = `Kubernetes ${minor}`;
  if (Object.hasOwn(ENDED_VERSIONS, minor)) return [[what, `AKS ended its support in ${ENDED_VERSIONS[minor] ?? ""}`]];
  if (!isKubernetesVersion(minor)) return [];
  const end = endOfSupport(minor, after?.inputs["supportPlan"] === "AKSLongTermSupport");
  return monthsFrom(VERSIONS_READ, end) <= SOON_MONTHS ? [[what, `AKS ends its support in ${end}`]] : [];
}

/** A preview version of an AKS API stops about a year after it came: https://learn.microsoft.com/azure/aks/concepts-preview-api-life-cycle */
function apiEnding({ type, new: after }: Change): Told {
  const inToken = /^azure-native:(\w+)\/v(\d{4})(\d\d)(\d\d)preview:/.exec(type);
  if (inToken) return [previewApi(inToken[1] ?? "", `${inToken[2] ?? ""}-${inToken[3] ?? ""}-${inToken[4] ?? ""}-preview`)];
  const version = textOf(after?.inputs["apiVersion"]);
  const generic = /^azure-native:resources[^:]*:Resource$/.test(type) && version !== undefined && /^\d{4}-\d\d-\d\d-(?:preview|beta|alpha)$/.test(version);
  return generic ? [previewApi(clean(textOf(after?.inputs["resourceProviderNamespace"]) ?? "Azure", 60), version)] : [];
}

function previewApi(owner: string, version: string): Told[number] {
  const aks = /^containerservice$|^microsoft\.containerservice$/i.test(owner);
  const year = Number(version.slice(0, 4)) + 1;
  const end = aks ? `AKS stops a preview version about a year after it came: ${year}-${version.slice(5, 7)}` : "a preview version may stop when a stable one has come";
  return [`API ${version} of ${owner}`, end];
}

/** A size that Azure retired, or that this library has another reason not to use. */
function sizeEnding({ type, new: after }: Change): Told {
  const size = /^azure-native:containerservice[^:]*:AgentPool$/.test(type) ? textOf(after?.inputs["vmSize"]) : undefined;
  const reason = size === undefined ? undefined : unusableReason(size);
  return size === undefined || reason === undefined ? [] : [[`Size ${clean(size, 60)}`, `it ${reason}`]];
}

/** A preset that is named by a KAITO object. */
function presetEnding({ type, new: after }: Change): Told {
  if (!/^kubernetes:kaito\.sh\/[^:]+:/.test(type)) return [];
  const places = [["tuning", "preset", "name"], ["inference", "preset", "name"], ["spec", "template", "inference", "preset", "name"]];
  const names = places.flatMap((keys) => textOf(inputAt(after?.inputs, ...keys)) ?? []);
  return names.filter(isRetiringKaitoPreset).map((name) => [`KAITO preset ${clean(name, 80)}`, "KAITO retires it in the release after 0.12.0 (kaito-project/kaito#2356)"] as const);
}

function monthsFrom(start: string, end: string): number {
  const months = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7));
  return months(end) - months(start);
}
