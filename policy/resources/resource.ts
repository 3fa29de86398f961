import { entries, member, type Properties, textOf, UNKNOWN, type Value } from "./value";

/** A resource as a rule sees it. */
export interface Resource {
  /** Kind without API version, for example `azure-native:containerservice:ManagedCluster`. */
  readonly kind: string;
  /** Logical name in the program. */
  readonly name: string;
  readonly props: Properties;
  readonly urn: string;
}

const AZURE = /^azure-native(?:_\w+)?:(\w+)(?:\/\w+)?:(\w+)$/;
const KUBERNETES = /^kubernetes:([\w.-]+)\/\w+:(\w+)$/;
const GENERIC = "azure-native:resources:Resource";

/** Kinds that programs also declare as generic resources, by their type in Azure. */
const BY_ARM_TYPE: Readonly<Record<string, string>> = {
  "microsoft.containerregistry/registries": "azure-native:containerregistry:Registry",
  "microsoft.containerservice/managedclusters": "azure-native:containerservice:ManagedCluster",
  "microsoft.containerservice/managedclusters/agentpools": "azure-native:containerservice:AgentPool",
};

/**
 * A resource by its kind, whichever API version or local package its token names:
 * `azure-native:containerservice:ManagedCluster`, `azure-native:containerservice/v20250101:ManagedCluster` and
 * `azure-native_containerservice_v20250101:containerservice:ManagedCluster` are one kind.
 * https://www.pulumi.com/registry/packages/azure-native/version-guide/
 */
export function resource(type: string, name: string, props: Properties, urn: string): Resource {
  const azure = AZURE.exec(type);
  const kubernetes = KUBERNETES.exec(type);
  if (azure) return generic({ kind: `azure-native:${azure[1] ?? ""}:${azure[2] ?? ""}`, name, props, urn });
  if (kubernetes) return { kind: `kubernetes:${groupOf(kubernetes[1] ?? "")}:${kubernetes[2] ?? ""}`, name, props, urn };
  return { kind: type, name, props, urn };
}

/** `kubernetes:rbac.authorization.k8s.io/v1:Role` and a custom resource's `kubernetes:kaito.sh/v1beta1:Workspace` name their group in full. */
function groupOf(group: string): string {
  return group.replace(/\.k8s\.io$/, "");
}

/** A generic resource as the kind that its inputs name, with the members of `properties` at the top as azure-native has them. */
function generic(given: Resource): Resource {
  if (given.kind !== GENERIC) return given;
  const namespace = textOf(member(given.props, "resourceProviderNamespace")) ?? "";
  const kind = BY_ARM_TYPE[`${namespace}/${textOf(member(given.props, "resourceType")) ?? ""}`.toLowerCase()];
  const properties = member(given.props, "properties");
  // Of settings that are all unknown there is nothing to say.
  if (kind === undefined || properties === UNKNOWN) return given;
  const { resourceName, location, tags, sku, identity } = given.props;
  return { ...given, kind, props: { ...Object.fromEntries(entries(properties)), location, tags, sku, identity, ...named(kind, resourceName) } };
}

/** Each kind has its own word for its name. */
function named(kind: string, name: Value): Properties {
  if (kind.endsWith(":Registry")) return { registryName: name };
  return kind.endsWith(":AgentPool") ? { agentPoolName: name } : { resourceName: name };
}
