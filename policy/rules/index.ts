import type { Rule } from "../rule";
import { ACCESS_RULES } from "./cluster/access";
import { CLUSTER_NETWORK_RULES } from "./cluster/network";
import { OPERATION_RULES } from "./cluster/operation";
import { UPGRADE_RULES } from "./cluster/upgrades";
import { IDENTITY_RULES } from "./identity";
import { KAITO_RULES } from "./kaito";
import { NAMESPACE_RULES } from "./namespaces/guards";
import { ROLE_RULES } from "./namespaces/roles";
import { AZURE_NETWORK_RULES } from "./network/azure";
import { POLICY_RULES } from "./network/policies";
import { HYGIENE_RULES } from "./pods/hygiene";
import { IMAGE_RULES } from "./pods/images";
import { JOB_RULES } from "./pods/jobs";
import { RESTRICTED_RULES } from "./pods/restricted";
import { SERVER_RULES } from "./pods/servers";
import { COST_RULES } from "./pools/cost";
import { GPU_RULES } from "./pools/gpu";
import { NODE_RULES } from "./pools/nodes";
import { SPOT_RULES } from "./pools/spot";
import { REGISTRY_RULES } from "./registry";
import { SECRET_RULES } from "./secrets";
import { STORAGE_RULES } from "./storage";

/** Rules by what they look at, in the order in which the README lists them. */
export const AREAS: Readonly<Record<string, readonly Rule[]>> = {
  Clusters: [...ACCESS_RULES, ...CLUSTER_NETWORK_RULES, ...OPERATION_RULES, ...UPGRADE_RULES],
  "Node pools": NODE_RULES,
  "GPU pools and their cost": [...GPU_RULES, ...SPOT_RULES, ...COST_RULES],
  Registries: REGISTRY_RULES,
  "Storage, network, roles in Azure": [...STORAGE_RULES, ...AZURE_NETWORK_RULES, ...IDENTITY_RULES],
  "Pods: the restricted standard": RESTRICTED_RULES,
  "Pods: beyond the standard": [...HYGIENE_RULES, ...IMAGE_RULES],
  "Runs and servers": [...JOB_RULES, ...SERVER_RULES, ...KAITO_RULES],
  "Namespaces and roles in Kubernetes": [...NAMESPACE_RULES, ...POLICY_RULES, ...ROLE_RULES],
  Secrets: SECRET_RULES,
};

export const RULES: readonly Rule[] = Object.values(AREAS).flat();
export const RULE_NAMES: readonly string[] = RULES.map(({ name }) => name);
