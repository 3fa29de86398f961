import * as pulumi from "@pulumi/pulumi";
import type { AzureNativeStandIn } from "../../sandbox/providers/azure-native/stand-in";
import { knownProperties, type Properties, UNKNOWN, type Value } from "../../sandbox/providers/values";
import { make } from "../support/azure-stand-in";
import { idOf, outputsOf } from "../support/mock-cloud";
import type { Cloud } from "./cloud";
import { objectProblems } from "./kubernetes/object";
import { WORLD_PROVIDER, type World, worldOf } from "./world";

/** What came of registering something. */
export interface Attempt {
  /** "type name" of everything registered, components included, in order; the world's own provider is none of it. */
  readonly registered: readonly string[];
  /** What the stand-ins refused, each with what it was asked for. */
  readonly refused: readonly string[];
  /** What the program ended with. */
  readonly thrown: unknown;
}

export interface AttemptOptions {
  /** Whether everything that is only passed on is still unknown, as in a first preview. @default false */
  readonly unknown?: boolean;
}

/** Registers with an engine whose providers are the stand-ins, on a subscription that is as it was at the beginning. */
export async function attempt(cloud: Cloud, action: (world: World) => unknown, { unknown = false }: AttemptOptions = {}): Promise<Attempt> {
  const registered: string[] = [];
  const refused: string[] = [];
  const azure = cloud.fresh();
  const providers: pulumi.runtime.Mocks = {
    newResource: async (args) => {
      if (args.id) return { id: args.id, state: {} };
      const label = `${args.type} ${args.name}`;
      if (args.name !== WORLD_PROVIDER) registered.push(label);
      try {
        return await registration(azure, args, unknown);
      } catch (error) {
        refused.push(`${label}: ${error instanceof Error ? error.message : String(error)}`);
        return { id: label, state: args.inputs };
      }
    },
    call: async ({ token, inputs }: { readonly token: string; readonly inputs: object }) => {
      const signal = new AbortController().signal;
      try {
        const { result } = await azure.invoke({ token, args: wire(inputs), preview: unknown, signal });
        return knownProperties(result);
      } catch (error) {
        refused.push(`${token}: ${error instanceof Error ? error.message : String(error)}`);
        return {};
      }
    },
  };
  const thrown = await withoutStacks(async () => {
    await pulumi.runtime.setMocks(providers, "properties", "test", unknown);
    const outcome = outcomeOf(() => action(worldOf(cloud.existing, !unknown)));
    await pulumi.runtime.disconnect();
    return outcome;
  });
  return { registered: registered.sort(), refused, thrown };
}

function outcomeOf(action: () => unknown): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Pulumi's SDK takes a stack trace for every promise that it makes, and jest maps each back to its source: half of a run's time. */
async function withoutStacks<T>(work: () => Promise<T>): Promise<T> {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return await work();
  } finally {
    Error.stackTraceLimit = before;
  }
}

/** One resource as its provider answers. In a preview it has no id, and what is not known is left out. */
async function registration(azure: AzureNativeStandIn, args: pulumi.runtime.MockResourceArgs, preview: boolean) {
  const { type, name } = args;
  const inputs: Readonly<Record<string, unknown>> = args.inputs;
  if (type.startsWith("azure-native:")) {
    const { id, outputs } = await make(azure, type, name, wire(inputs), preview);
    return { id: preview ? undefined : id, state: knownProperties(outputs) };
  }
  if (!args.custom) return { id: undefined, state: inputs };
  const problems = preview ? [] : objectProblems(type, inputs);
  if (problems.length > 0) throw new Error(problems.join("; "));
  return { id: preview ? undefined : idOf(args), state: { ...inputs, ...(preview ? {} : outputsOf(args)) } };
}

/** Inputs as a provider gets them, what is unknown told apart. The mock engine hands out plain JavaScript. */
function wire(inputs: object): Properties {
  return Object.fromEntries(Object.entries(inputs).map(([key, value]: [string, unknown]) => [key, wireValue(value)]));
}

function wireValue(value: unknown): Value {
  if (pulumi.isUnknown(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map(wireValue);
  if (typeof value === "object" && value !== null) return wire(value);
  return (value ?? null) as Value;
}
