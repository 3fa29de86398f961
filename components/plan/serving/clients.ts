import { DEFAULT_ENVIRONMENT, type Environment } from "../environment";
import { nameProblems } from "../names";
import type { Problem } from "../refuse";

/** Who may call a server: the pods of some namespaces, or of the whole cluster. */
export type Clients = "any" | readonly string[];

export interface ClientDecisions {
  /** Namespace of the team. */
  readonly namespace: string;
  /** What the cluster is for. @default "production" */
  readonly environment?: Environment;
  /** @default - in production the team alone, in development whoever is in the cluster */
  readonly clients?: Clients;
}

export function clientsOf({ clients, environment = DEFAULT_ENVIRONMENT, namespace }: ClientDecisions): Clients {
  return clients ?? (environment === "production" ? [namespace] : "any");
}

/** A list of none would be everybody to a network policy. */
export function clientProblems(clients: Clients | undefined): Problem[] {
  if (clients === undefined || clients === "any") return [];
  if (typeof clients !== "string" && clients.length > 0) return clients.flatMap((name, index) => nameProblems("namespace", `clients[${index}]`, name));
  const rule = "must be one namespace or more in a list, or any";
  return [{ code: "AKSFT-SERVE-09", path: "clients", got: clients, rule, fix: `use for example [${JSON.stringify(clients[0] ? clients : "frontend")}]` }];
}
