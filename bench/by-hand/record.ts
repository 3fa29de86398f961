/** Prints what the stacks' program registers with the configuration file that is its argument. Build contexts are staged in the current folder. */
import { readFileSync } from "node:fs";
import type { ClientUnaryCall, ServiceError } from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import type { ReadResourceRequest, ReadResourceResponse, RegisterResourceRequest, RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb";
import { parse } from "yaml";
import { answer, idOf, nameOf, outputsOf } from "../../tests/support/mock-cloud";
import { declaredConfiguration } from "../sandbox-project";
import type { Json, Recorded } from "./recording";

type Answered<Response> = (error: ServiceError | null, response: Response) => void;

/** As much of the engine's interface as is listened to, in the one form in which the SDK calls it. */
interface Monitor {
  registerResource: (request: RegisterResourceRequest, answered: Answered<RegisterResourceResponse>) => ClientUnaryCall;
  readResource: (request: ReadResourceRequest, answered: Answered<ReadResourceResponse>) => ClientUnaryCall;
}

async function main(file: string): Promise<void> {
  const recorded: Recorded[] = [];
  pulumi.runtime.setAllConfig(configurationOf(file));
  const mocks: pulumi.runtime.Mocks = {
    newResource: (args) => {
      // An id without inputs is a read.
      if (args.id) return { id: args.id, state: { data: {} } };
      const inputs = args.inputs as Readonly<Record<string, unknown>>;
      return { id: idOf(args), state: { name: nameOf(args), ...inputs, ...outputsOf(args) } };
    },
    call: (args) => {
      recorded.push({ kind: "invoke", token: args.token, inputs: args.inputs as Record<string, Json> });
      return answer(args);
    },
  };
  await pulumi.runtime.setMocks(mocks, "aks-fine-tuning", "bench", false);
  listen(recorded);
  const { default: program } = await import("../../stacks/index.js");
  await program();
  await pulumi.runtime.disconnect();
  process.stdout.write(JSON.stringify(recorded));
}

/** The file's values over the defaults that the project declares, each as text, as the engine hands them to a program. */
function configurationOf(file: string): Record<string, string> {
  const { config } = parse(readFileSync(file, "utf8")) as { readonly config: Readonly<Record<string, unknown>> };
  const declared = Object.entries(declaredConfiguration()).map(([key, { default: value }]) => [key.includes(":") ? key : `aks-fine-tuning:${key}`, value] as const);
  const values = { ...Object.fromEntries(declared), ...config };
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, typeof value === "string" ? value : JSON.stringify(value)]])),
  );
}

/** The SDK's mocks are not told options; the requests themselves are, and the answers say under which URN a resource is known. */
function listen(recorded: Recorded[]): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, answered) =>
    register(request, (error, response) => {
      if (error === null && request.getCustom()) recorded.push(registration(request, response.getUrn()));
      answered(error, response);
    });
  const read = monitor.readResource.bind(monitor);
  monitor.readResource = (request, answered) =>
    read(request, (error, response) => {
      if (error === null) recorded.push(reading(request, response.getUrn()));
      answered(error, response);
    });
}

function registration(request: RegisterResourceRequest, urn: string): Recorded {
  const madeOf: Record<string, readonly string[]> = {};
  request.getPropertydependenciesMap().forEach((sources, input) => {
    madeOf[input] = sources.getUrnsList();
  });
  const timeouts = request.getCustomtimeouts()?.toObject();
  const customTimeouts = Object.fromEntries(Object.entries(timeouts ?? {}).filter(([, value]) => value !== ""));
  return {
    kind: "resource",
    urn,
    type: request.getType(),
    name: request.getName(),
    inputs: request.getObject()?.toJavaScript() ?? {},
    provider: urnOf(request.getProvider()),
    dependsOn: request.getDependenciesList(),
    madeOf,
    options: {
      ...(request.getIgnorechangesList().length > 0 ? { ignoreChanges: request.getIgnorechangesList() } : {}),
      ...(request.getProtect() ? { protect: true } : {}),
      ...(request.getRetainondelete() ? { retainOnDelete: true } : {}),
      ...(request.getReplaceonchangesList().length > 0 ? { replaceOnChanges: request.getReplaceonchangesList() } : {}),
      ...(request.getDeletebeforereplacedefined() ? { deleteBeforeReplace: request.getDeletebeforereplace() } : {}),
      ...(Object.keys(customTimeouts).length > 0 ? { customTimeouts } : {}),
    },
  };
}

function reading(request: ReadResourceRequest, urn: string): Recorded {
  const [type, name, id] = [request.getType(), request.getName(), request.getId()];
  return { kind: "read", urn, type, name, id, provider: urnOf(request.getProvider()), dependsOn: request.getDependenciesList() };
}

/** "urn::id" of a provider, without the id. */
function urnOf(reference: string): string | undefined {
  return reference === "" ? undefined : reference.slice(0, reference.lastIndexOf("::"));
}

main(process.argv[2] ?? "").catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
