import { textAt } from "../../components/plan/live/json";
import type { ArmClient } from "../live/arm";
import type { Finding } from "./finding";

const SUBSCRIPTIONS = "2022-12-01";
const PROVIDERS = "2021-04-01";
const FEATURES = "2021-07-01";

/** Whether the subscription takes anything at all: one that is disabled reads and does not write. */
export async function stateFindings(client: ArmClient): Promise<readonly Finding[]> {
  const answer = await client.get(`/subscriptions/${client.subscriptionId}`, SUBSCRIPTIONS);
  const name = textAt(answer, "displayName") ?? "subscription";
  const state = textAt(answer, "state") ?? "unknown";
  const base = { section: "Login", name: "subscription" } as const;
  if (state === "Enabled") return [{ ...base, state: "ok", text: `${shown(name)}, ${client.subscriptionId}` }];
  const fix = "enable it again in the portal, or take another: az account set --subscription NAME";
  return [{ ...base, state: "missing", text: `${shown(name)}, ${client.subscriptionId}, is ${state}`, fix }];
}

/** Whether every provider of what is made is registered; those that are fit on one line. */
export async function providerFindings(wanted: readonly string[], client: ArmClient): Promise<readonly Finding[]> {
  const listed = await client.list(`/subscriptions/${client.subscriptionId}/providers`, PROVIDERS);
  const states = new Map(listed.map((each) => [textAt(each, "namespace")?.toLowerCase(), textAt(each, "registrationState") ?? "unknown"]));
  const absent = wanted.filter((namespace) => states.get(namespace.toLowerCase()) !== "Registered");
  const base = { section: "Subscription" } as const;
  if (absent.length === 0) return [{ ...base, name: "providers", state: "ok", text: `all ${wanted.length} registered: ${wanted.map((each) => each.replace("Microsoft.", "")).join(", ")}` }];
  return absent.map((namespace) => ({
    ...base,
    name: namespace,
    ...registration(states.get(namespace.toLowerCase()) ?? "NotRegistered", "its resources cannot be made"),
    fix: `az provider register --namespace ${namespace} --wait`,
  }));
}

/** https://learn.microsoft.com/azure/virtual-machines/disks-enable-host-based-encryption-portal#prerequisites */
export async function hostEncryptionFindings(client: ArmClient): Promise<readonly Finding[]> {
  const feature = "Microsoft.Features/providers/Microsoft.Compute/features/EncryptionAtHost";
  const answer = await client.get(`/subscriptions/${client.subscriptionId}/providers/${feature}`, FEATURES);
  const state = textAt(answer, "properties", "state") ?? "unknown";
  const base = { section: "Subscription", name: "EncryptionAtHost" } as const;
  if (state === "Registered") return [{ ...base, state: "ok", text: "registered" }];
  const fix = state === "Registering" ? "az feature show --namespace Microsoft.Compute --name EncryptionAtHost --query properties.state" : REGISTER;
  return [{ ...base, ...registration(state, "nodes whose host encrypts their disks are refused"), fix }];
}

/** The provider has to see the feature, which it does when it is registered again. */
const REGISTER = "az feature register --namespace Microsoft.Compute --name EncryptionAtHost && az provider register --namespace Microsoft.Compute";

function registration(state: string, consequence: string): Pick<Finding, "state" | "text"> {
  if (state === "Registering" || state === "Pending") return { state: "missing", text: `is being registered, which takes minutes; until then ${consequence}` };
  return { state: "missing", text: `is not registered (${shown(state)}): ${consequence}` };
}

/** Names of Azure are people's, and may hold anything. */
function shown(text: string): string {
  return text.replace(/\p{C}/gu, " ").slice(0, 80);
}
