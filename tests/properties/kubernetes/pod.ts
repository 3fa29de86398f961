import { parseQuantity } from "../../../sandbox/quantity";
import { isLabel, labelFaults } from "./labels";

interface Named {
  readonly name?: unknown;
}

interface Container extends Named {
  readonly image?: unknown;
  readonly env?: readonly Named[];
  readonly ports?: readonly { readonly containerPort?: unknown }[];
  readonly volumeMounts?: readonly (Named & { readonly mountPath?: unknown })[];
  readonly resources?: { readonly requests?: Amounts; readonly limits?: Amounts };
}

type Amounts = Readonly<Record<string, unknown>>;

export interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, unknown>>; readonly annotations?: unknown };
  readonly spec?: {
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly volumes?: readonly Named[];
    readonly nodeSelector?: unknown;
    readonly tolerations?: readonly { readonly operator?: unknown; readonly value?: unknown; readonly key?: unknown }[];
  };
}

/** What the API server would refuse of a pod, as far as that shows without it. */
export function podFaults({ metadata = {}, spec = {} }: PodTemplate): string[] {
  const { containers = [], initContainers = [], volumes = [] } = spec;
  const all = [...initContainers, ...containers];
  const volumeNames = volumes.map(({ name }) => name);
  return [
    ...labelFaults("template.labels", metadata.labels),
    ...labelFaults("template.annotations", metadata.annotations, false),
    ...labelFaults("nodeSelector", spec.nodeSelector),
    ...(containers.length > 0 ? [] : ["the pod has no container"]),
    ...namesFaults("container", all.map(({ name }) => name)),
    ...namesFaults("volume", volumeNames),
    ...all.flatMap((container) => containerFaults(container, volumeNames)),
    ...(spec.tolerations ?? []).filter(({ operator, value }) => operator === "Exists" && value !== undefined).map(({ key }) => `toleration ${String(key)}: Exists takes no value`),
  ];
}

function namesFaults(what: string, names: readonly unknown[]): string[] {
  const bad = names.filter((name) => !isLabel(name)).map((name) => `${what} is named ${JSON.stringify(name)}`);
  return new Set(names).size === names.length ? bad : [...bad, `two of ${what} have one name`];
}

function containerFaults(container: Container, volumes: readonly unknown[]): string[] {
  const { name, image, env = [], ports = [], volumeMounts = [], resources = {} } = container;
  const where = `container ${String(name)}`;
  const paths = volumeMounts.map(({ mountPath }) => mountPath);
  return [
    ...(typeof image === "string" && image.length > 0 ? [] : [`${where} has no image`]),
    ...env.filter((each) => typeof each.name !== "string" || !/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(each.name)).map((each) => `${where}: variable ${JSON.stringify(each.name)}`),
    ...ports.filter(({ containerPort }) => !isPort(containerPort)).map(({ containerPort }) => `${where}: port ${JSON.stringify(containerPort)}`),
    ...volumeMounts.filter((mount) => !volumes.includes(mount.name)).map((mount) => `${where} mounts ${JSON.stringify(mount.name)}, which is no volume`),
    ...(new Set(paths).size === paths.length ? [] : [`${where} mounts two volumes in one place`]),
    ...amountFaults(where, resources.requests, resources.limits),
  ];
}

export function isPort(port: unknown): boolean {
  return typeof port === "number" && Number.isInteger(port) && port >= 1 && port <= 65_535;
}

/** Extended resources cannot be overcommitted: what is requested of them is what is limited. */
function amountFaults(where: string, requests: Amounts = {}, limits: Amounts = {}): string[] {
  const unreadable = Object.entries({ ...requests, ...limits }).filter(([, amount]) => parseQuantity(amount) === undefined);
  const above = Object.entries(requests).filter(([resource, amount]) => {
    const [asked = 0, most] = [parseQuantity(amount), parseQuantity(limits[resource])];
    return resource.includes("/") ? asked !== most : most !== undefined && asked > most;
  });
  return [
    ...unreadable.map(([resource, amount]) => `${where}: ${resource} is ${JSON.stringify(amount)}`),
    ...above.map(([resource]) => `${where} requests more ${resource} than its limit`),
  ];
}
