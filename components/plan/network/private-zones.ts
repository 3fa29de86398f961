import type { Input } from "@pulumi/pulumi";
import type { Problem } from "../refuse";
import { choiceProblems } from "../spelling";

/** What private endpoints can stand for. */
export const PRIVATE_ZONES = ["registry", "files", "vault", "cluster"] as const;
/**
 * A service with private endpoints, each with a DNS zone of its own: container registries, Azure Files, Key Vault, and the API server.
 * @useDeclaredType
 */
export type PrivateZone = (typeof PRIVATE_ZONES)[number];

/** Zones that Azure's public names lead into: https://learn.microsoft.com/azure/private-link/private-endpoint-dns */
export function privateZoneNames(kinds: readonly PrivateZone[], location: Input<string> | undefined): Readonly<Partial<Record<PrivateZone, string>>> {
  const region = typeof location === "string" ? location.toLowerCase().replaceAll(" ", "") : "";
  const names: Record<PrivateZone, string> = {
    registry: "privatelink.azurecr.io",
    files: "privatelink.file.core.windows.net",
    vault: "privatelink.vaultcore.azure.net",
    cluster: `privatelink.${region}.azmk8s.io`,
  };
  return Object.fromEntries(PRIVATE_ZONES.filter((kind) => kinds.includes(kind)).map((kind) => [kind, names[kind]]));
}

export function zoneProblems(kinds: readonly string[], location: Input<string> | undefined): Problem[] {
  const unknown = kinds.flatMap((kind, index) => choiceProblems("AKSFT-NET-08", `privateZones[${index}]`, kind, PRIVATE_ZONES));
  if (!kinds.includes("cluster") || typeof location === "string") return unknown;
  const got = location === undefined ? undefined : "a value that is known only during the deployment";
  const rule = "the zone of a private API server is named after its region, so the region must be known beforehand";
  return [...unknown, { code: "AKSFT-NET-09", path: "location", got, rule, fix: 'give it as text, for example "westeurope"' }];
}
