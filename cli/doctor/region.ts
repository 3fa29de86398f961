import { offeredVersions } from "../../components/plan/live/versions";
import type { ArmClient } from "../live/arm";
import { liveFindings, type QuotaFinding, type SizeFinding } from "../live/findings";
import { restrictionInWords } from "../live/restrictions";
import type { Deployment } from "./deployment";
import type { Finding } from "./finding";

const VERSIONS = "2024-02-01";

/** Whether the region has the sizes of the pools, in their zones, and quota for all of their nodes. */
export async function capacityFindings({ pools, location }: Deployment, client: ArmClient): Promise<readonly Finding[]> {
  const { quota, sizes, unasked, uncounted } = await liveFindings({ pools, location }, client);
  return [
    ...sizes.map((size) => sizeFinding(size, location)),
    ...quota.map((each) => quotaFinding(each, location, client.subscriptionId)),
    ...uncounted.map((size) => ({ section: "Region" as const, name: size, state: "unknown" as const, text: "how many vCPUs a node has is not known, so no quota counts it" })),
    ...unasked.map(({ what, why }) => ({ section: "Region" as const, name: what, state: "unknown" as const, text: `could not be asked: ${why}` })),
  ];
}

function sizeFinding({ size, pools, offered, restriction, zones, missingZones }: SizeFinding, location: string): Finding {
  const base = { section: "Region", name: size } as const;
  const whose = `for ${pools.join(", ")}`;
  const fix = `az vm list-skus --location ${location} --size ${size.replace(/^Standard_/, "")} --all --output table`;
  if (!offered) {
    const why = restriction === undefined ? "it is not sold there" : restrictionInWords(restriction);
    return { ...base, state: "missing", text: `not offered in ${location}, ${why}; ${whose}`, fix: restriction === undefined ? fix : `${SUPPORT}; or another size or region, see ${fix}` };
  }
  const offer = zones.length === 0 ? `offered in ${location}, which has no zones for it` : `offered in ${location}, zones ${zones.join(", ")}`;
  if (missingZones.length === 0) return { ...base, state: "ok", text: `${offer}; ${whose}` };
  return { ...base, state: "missing", text: `${offer}, and not in ${missingZones.join(", ")}; ${whose}`, fix: `set zones to [${zones.join(", ")}], or take another size` };
}

/** https://learn.microsoft.com/troubleshoot/azure/general/region-access-request-process */
const SUPPORT = "ask for access: https://aka.ms/azureregionaccess";

function quotaFinding({ family, name, spot, pools, needed, limit, used = 0, left = 0 }: QuotaFinding, location: string, subscriptionId: string): Finding {
  const base = { section: "Region", name: family.replace(/ vCPUs$/, "") } as const;
  const whose = `${needed} vCPUs at most for ${pools.join(", ")}`;
  if (limit === undefined) return { ...base, state: "missing", text: `${whose}; ${location} lists no such quota`, fix: PORTAL };
  const fix = raise(name, spot, needed + used, location, subscriptionId);
  const stand = `${left} of ${limit} left`;
  if (needed <= left) return { ...base, state: "ok", text: `${whose}; ${stand}` };
  if (needed > limit) return { ...base, state: "missing", text: `${whose}; ${stand}`, fix };
  // Azure does not say whose nodes they are, and of a stack that runs its own are among them.
  return { ...base, state: "notice", text: `${whose}; ${stand}: enough only if ${needed - left} of the ${used} in use are this deployment's own`, fix };
}

const PORTAL = "raise it in the portal: https://portal.azure.com/#view/Microsoft_Azure_Capacity/QuotaMenuBlade/~/myQuotas";

/** https://learn.microsoft.com/cli/azure/quota */
function raise(name: string, spot: boolean, value: number, location: string, subscriptionId: string): string {
  // The name is Azure's answer, some have spaces; whatever else would be more than a word of a command.
  if (!/^[\w. -]+$/.test(name)) return PORTAL;
  const scope = `/subscriptions/${subscriptionId}/providers/Microsoft.Compute/locations/${location}`;
  return `az quota update --resource-name ${name.includes(" ") ? `"${name}"` : name} --scope ${scope} --limit-object value=${value} --resource-type ${spot ? "lowPriority" : "dedicated"}`;
}

/** Whether the region makes clusters of the version. */
export async function versionFindings({ kubernetesVersion = "", location }: Deployment, client: ArmClient): Promise<readonly Finding[]> {
  const path = `/subscriptions/${client.subscriptionId}/providers/Microsoft.ContainerService/locations/${location}/kubernetesVersions`;
  const offered = offeredVersions(await client.get(path, VERSIONS));
  const base = { section: "Region", name: "Kubernetes" } as const;
  const found = offered.find(({ minor }) => kubernetesVersion === minor || kubernetesVersion.startsWith(`${minor}.`));
  const all = offered.filter(({ preview }) => !preview).map(({ minor }) => minor);
  const fix = `pulumi config set --path cluster.kubernetesVersion ${all.at(-1) ?? "VERSION"}`;
  if (!found) return [{ ...base, state: "missing", text: `${location} makes no clusters of ${kubernetesVersion}; it has ${all.join(", ") || "none"}`, fix }];
  if (found.preview) return [{ ...base, state: "missing", text: `${kubernetesVersion} is a preview in ${location}; it has ${all.join(", ")}`, fix }];
  const newest = found.patches.at(-1) ?? found.minor;
  if (kubernetesVersion !== found.minor && !found.patches.includes(kubernetesVersion)) {
    return [{ ...base, state: "missing", text: `${location} has no ${kubernetesVersion}; the newest patch is ${newest}`, fix: `pulumi config set --path cluster.kubernetesVersion ${found.minor}` }];
  }
  return [{ ...base, state: "ok", text: `${kubernetesVersion}; the newest patch of ${found.minor} is ${newest}` }];
}
