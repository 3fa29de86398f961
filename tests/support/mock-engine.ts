import * as pulumi from "@pulumi/pulumi";

/** One resource as the engine was asked to register it. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly parent?: string;
  readonly provider?: string;
  readonly ignoreChanges?: readonly string[];
  readonly dependsOn?: readonly string[];
  readonly protect?: boolean;
  readonly customTimeouts?: pulumi.CustomTimeouts;
  readonly inputs: Record<string, unknown>;
}

export interface Engine {
  /** Pass as the options of the component under test: records the options its children are given. */
  readonly watch: pulumi.ComponentResourceOptions;
  /** Every cloud resource registered so far, in order of type and name, once nothing is pending. */
  registered(): Promise<Registration[]>;
  /** Resources that were read, not made, by id. */
  readonly read: string[];
}

export interface MockOptions {
  /** Data of every ConfigMap that the program reads: what a run has written. */
  readonly record?: Record<string, string>;
}

/** A Pulumi engine that accepts everything and remembers it. */
export async function mockEngine({ record = {} }: MockOptions = {}): Promise<Engine> {
  const made: pulumi.runtime.MockResourceArgs[] = [];
  const read: string[] = [];
  const options = new Map<string, pulumi.ResourceOptions>();
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        if (args.custom && args.id) {
          read.push(args.id);
          return { id: args.id, state: { data: record } };
        }
        if (args.custom) made.push(args);
        return { id: idOf(args), state: { name: args.name, ...args.inputs, ...outputsOf(args) } };
      },
      call: answer,
    },
    "aks-fine-tuning",
    "test",
    false,
  );
  return {
    read,
    watch: {
      transformations: [
        ({ type, name, opts }) => {
          options.set(`${type} ${name}`, opts);
          return undefined;
        },
      ],
    },
    registered: async () => {
      await pulumi.runtime.disconnect();
      return made.map((args) => registration(args, options.get(`${args.type} ${args.name}`))).sort(byTypeAndName);
    },
  };
}

function registration({ type, name, inputs }: pulumi.runtime.MockResourceArgs, opts?: pulumi.ResourceOptions): Registration {
  const custom: pulumi.CustomResourceOptions = opts ?? {};
  const dependsOn = names(custom.dependsOn);
  return {
    type,
    name,
    ...(custom.parent ? { parent: logicalName(custom.parent) } : {}),
    ...(custom.provider ? { provider: logicalName(custom.provider) } : {}),
    ...(custom.ignoreChanges ? { ignoreChanges: custom.ignoreChanges } : {}),
    ...(dependsOn.length > 0 ? { dependsOn } : {}),
    ...(custom.protect === undefined ? {} : { protect: custom.protect }),
    ...(custom.customTimeouts ? { customTimeouts: custom.customTimeouts } : {}),
    inputs: plain(inputs),
  };
}

/** The inputs as JSON has them: without undefined members. */
function plain(inputs: unknown): Record<string, unknown> {
  const parsed: Record<string, unknown> = JSON.parse(JSON.stringify(inputs));
  return parsed;
}

function names(dependsOn: pulumi.ResourceOptions["dependsOn"]): string[] {
  const list: unknown[] = Array.isArray(dependsOn) ? dependsOn : [dependsOn];
  return list.filter((each) => pulumi.Resource.isInstance(each)).map(logicalName);
}

function logicalName(resource: pulumi.Resource): string {
  const named: { readonly __name?: string } = resource;
  return named.__name ?? "";
}

/** Kubernetes ids are namespace/name, as the real provider makes them. */
function idOf({ type, name, inputs }: pulumi.runtime.MockResourceArgs): string {
  if (!type.startsWith("kubernetes:")) return `${name}-id`;
  const metadata: { namespace?: string; name?: string } = inputs["metadata"] ?? {};
  return [metadata.namespace, metadata.name ?? name].filter(Boolean).join("/");
}

/** What Azure, Kubernetes and Docker fill in and the components read. */
function outputsOf({ type, name, inputs }: pulumi.runtime.MockResourceArgs): Record<string, unknown> {
  switch (type) {
    case "azure-native:containerservice:ManagedCluster":
      return {
        oidcIssuerProfile: { enabled: true, issuerURL: "https://issuer.example/" },
        identityProfile: { kubeletidentity: { objectId: "kubelet-object-id" } },
      };
    case "azure-native:resources:Resource":
      return { properties: { loginServer: `${String(inputs["resourceName"])}.azurecr.io` } };
    case "azure-native:managedidentity:UserAssignedIdentity":
      return { clientId: `${name}-client-id`, principalId: `${name}-principal-id` };
    case "azure-native:network:PublicIPAddress":
      return { ipAddress: "203.0.113.10" };
    case "docker:index/image:Image":
      return { repoDigest: `${String(inputs["imageName"]).replace(/:[^:/]*$/, "")}@sha256:${"d".repeat(64)}` };
    case "kubernetes:core/v1:Service":
      return { spec: { ...inputs["spec"], clusterIP: "10.96.0.77" } };
    default:
      return {};
  }
}

const KUBECONFIG = `clusters:\n- cluster: {server: "https://api.example", certificate-authority-data: Q0E=}\n  name: ai\n`;

function answer({ token }: pulumi.runtime.MockCallArgs): Record<string, unknown> {
  switch (token) {
    case "azure-native:authorization:getClientConfig":
      return { subscriptionId: "subscription", objectId: "deployer", tenantId: "tenant", clientId: "client" };
    case "azure-native:containerservice:listManagedClusterUserCredentials":
      return { kubeconfigs: [{ name: "clusterUser", value: Buffer.from(KUBECONFIG).toString("base64") }] };
    default:
      throw new Error(`unexpected lookup: ${token}`);
  }
}

function byTypeAndName(a: Registration, b: Registration): number {
  return `${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1;
}
