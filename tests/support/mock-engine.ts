import type { ClientUnaryCall } from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { answer, idOf, nameOf, outputsOf } from "./mock-cloud";
import type { JsonObject } from "../../sandbox/providers/values";
import type { SimulatedAzure } from "./simulated-azure";

/** One resource as the engine was asked to register it. Other resources are written as "Kind name", as in "ManagedCluster ai". */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly parent?: string;
  /** Explicit or inherited provider; absent for the default one. */
  readonly provider?: string;
  readonly ignoreChanges?: readonly string[];
  /** Everything that must exist before it: `dependsOn` and the resources whose outputs are inputs, in order of name. */
  readonly after?: readonly string[];
  /** Its own or inherited from its parent. */
  readonly protect?: true;
  /** Left in the cloud when it leaves the program. */
  readonly retainOnDelete?: true;
  readonly customTimeouts?: { readonly create?: string; readonly update?: string; readonly delete?: string };
  /** Whether the old one goes before the new one is made, where the program decides that. */
  readonly deleteBeforeReplace?: boolean;
  readonly inputs: Record<string, unknown>;
}

export interface Engine {
  /** Every resource and component registered so far, in order of type and name, once nothing is pending. */
  registered(): Promise<Registration[]>;
  /** Resources that were read, not made, by id. */
  readonly read: string[];
}

export interface MockOptions {
  /** Data of every ConfigMap that the program reads: what a run has written. */
  readonly record?: Record<string, string>;
  /** Outputs of the stacks that the program refers to, by name. */
  readonly stacks?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Makes the resources of Azure, and refuses what Azure would, instead of the mock. */
  readonly azure?: SimulatedAzure;
}

const STACK_REFERENCE = "pulumi:pulumi:StackReference";
const PROJECT = "aks-fine-tuning";
const STACK = "test";

/** A Pulumi engine that accepts everything and remembers it. */
export async function mockEngine({ record = {}, stacks = {}, azure }: MockOptions = {}): Promise<Engine> {
  const requests: RegisterResourceRequest[] = [];
  const inputs = new Map<string, unknown>();
  const read: string[] = [];
  const mocks: pulumi.runtime.Mocks = {
    newResource: async (args) => {
      // An id without inputs is a read; a registration never carries one here, as nothing is imported.
      if (args.id) {
        read.push(args.id);
        if (args.type === STACK_REFERENCE) return { id: args.id, state: { name: args.id, outputs: stacks[args.id] ?? {}, secretOutputNames: [] } };
        return { id: args.id, state: { data: record } };
      }
      inputs.set(key(args.type, args.name), args.inputs);
      if (azure && args.type.startsWith("azure-native:")) {
        const { id, outputs } = await azure.create(args.type, args.name, JSON.parse(JSON.stringify(args.inputs)) as JsonObject);
        return { id, state: { ...outputs } };
      }
      return { id: args.custom ? idOf(args) : undefined, state: { name: nameOf(args), ...args.inputs, ...outputsOf(args) } };
    },
    call: answer,
  };
  await pulumi.runtime.setMocks(mocks, PROJECT, STACK, false);
  recordRequests(requests);
  return {
    read,
    registered: async () => {
      await pulumi.runtime.disconnect();
      return requests.map((request) => registration(request, inputs)).sort(byTypeAndName);
    },
  };
}

/** The SDK's own mocks are not told options; the requests themselves show what an engine would be told, inheritance included. */
function recordRequests(requests: RegisterResourceRequest[]): void {
  const monitor = pulumi.runtime.getMonitor();
  if (!monitor) throw new Error("mocks are not set");
  const register: (request: RegisterResourceRequest, ...rest: never[]) => ClientUnaryCall = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request: RegisterResourceRequest, ...rest: never[]) => {
    requests.push(request);
    return register(request, ...rest);
  };
}

function registration(request: RegisterResourceRequest, inputs: ReadonlyMap<string, unknown>): Registration {
  const type = request.getType();
  const name = request.getName();
  const [parent, provider] = [kindAndName(request.getParent()), kindAndName(request.getProvider())];
  const ignoreChanges = request.getIgnorechangesList();
  const after = request.getDependenciesList().map(kindAndName).sort();
  const timeouts = request.getCustomtimeouts();
  const named = { create: timeouts?.getCreate(), update: timeouts?.getUpdate(), delete: timeouts?.getDelete() };
  const customTimeouts = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined && value !== ""));
  return {
    type,
    name,
    ...(parent ? { parent } : {}),
    ...(provider ? { provider } : {}),
    ...(ignoreChanges.length > 0 ? { ignoreChanges } : {}),
    ...(after.length > 0 ? { after } : {}),
    ...(request.getProtect() ? { protect: true } : {}),
    ...(request.getRetainondelete() ? { retainOnDelete: true } : {}),
    ...(Object.keys(customTimeouts).length > 0 ? { customTimeouts } : {}),
    ...(request.getDeletebeforereplacedefined() ? { deleteBeforeReplace: request.getDeletebeforereplace() } : {}),
    inputs: plain(inputs.get(key(type, name)) ?? {}),
  };
}

/** "ManagedCluster ai" of urn:pulumi:test::aks-fine-tuning::…$azure-native:containerservice:ManagedCluster::ai, and of a provider's urn::id. */
function kindAndName(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  const type = types.split("$").at(-1) ?? "";
  const kind = type.startsWith("pulumi:providers:") ? type.slice("pulumi:".length) : (type.split(":").at(-1) ?? "");
  return urn === "" ? "" : `${kind} ${name}`;
}

/** The inputs as JSON has them: without undefined members. */
function plain(value: unknown): Record<string, unknown> {
  const parsed: Record<string, unknown> = JSON.parse(JSON.stringify(value));
  return parsed;
}

function key(type: string, name: string): string {
  return `${type} ${name}`;
}

function byTypeAndName(a: Registration, b: Registration): number {
  return key(a.type, a.name) < key(b.type, b.name) ? -1 : 1;
}
