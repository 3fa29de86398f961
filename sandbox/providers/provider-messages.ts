import * as proto from "@pulumi/pulumi/proto/provider_pb";
import type * as api from "./stand-in";
import { decodeProperties, encodeProperties, type Properties } from "./values";

// Between the protocol's messages and the plain objects of stand-in.ts.

interface ResourceMessage {
  getUrn(): string;
  getType(): string;
  getName(): string;
}

function resource(message: ResourceMessage, signal: AbortSignal) {
  // urn:pulumi:stack::project::parent$type::name; older engines send neither type nor name beside it.
  const [, , types = "", ...name] = message.getUrn().split("::");
  return {
    urn: message.getUrn(),
    type: message.getType() || (types.split("$").at(-1) ?? ""),
    name: message.getName() || name.join("::"),
    signal,
  };
}

/**
 * Numbers, lists and objects of a provider's configuration arrive as JSON text in the variables of old engines only.
 */
export function configureRequest(message: proto.ConfigureRequest): api.ConfigureRequest {
  return { urn: message.getUrn(), name: message.getName(), config: decodeProperties(message.getArgs()) };
}

export function checkRequest(message: proto.CheckRequest, signal: AbortSignal): api.CheckRequest {
  const autonaming = message.getAutonaming();
  const modes = ["propose", "enforce", "disable"] as const;
  return {
    ...resource(message, signal),
    olds: decodeProperties(message.getOlds()),
    news: decodeProperties(message.getNews()),
    randomSeed: message.getRandomseed_asU8(),
    autonaming: autonaming && {
      mode: modes[autonaming.getMode()],
      proposedName: autonaming.getProposedName(),
    },
  };
}

export function checkResponse(result: api.CheckResult): proto.CheckResponse {
  return new proto.CheckResponse()
    .setInputs(encodeProperties(result.inputs))
    .setFailuresList(failures(result.failures));
}

function failures(list: readonly api.CheckFailure[] = []): proto.CheckFailure[] {
  return list.map(({ property, reason }) => new proto.CheckFailure().setProperty(property).setReason(reason));
}

/** What an update is told too. */
export function diffRequest(message: proto.DiffRequest | proto.UpdateRequest, signal: AbortSignal): api.DiffRequest {
  return {
    ...resource(message, signal),
    id: message.getId(),
    olds: decodeProperties(message.getOlds()),
    oldInputs: decodeProperties(message.getOldInputs()),
    news: decodeProperties(message.getNews()),
    ignoreChanges: message.getIgnorechangesList(),
  };
}

const KINDS: Readonly<Record<api.PropertyChange, proto.PropertyDiff.Kind>> = {
  add: proto.PropertyDiff.Kind.ADD,
  "add-replace": proto.PropertyDiff.Kind.ADD_REPLACE,
  delete: proto.PropertyDiff.Kind.DELETE,
  "delete-replace": proto.PropertyDiff.Kind.DELETE_REPLACE,
  update: proto.PropertyDiff.Kind.UPDATE,
  "update-replace": proto.PropertyDiff.Kind.UPDATE_REPLACE,
};

const CHANGES = {
  unknown: proto.DiffResponse.DiffChanges.DIFF_UNKNOWN,
  none: proto.DiffResponse.DiffChanges.DIFF_NONE,
  some: proto.DiffResponse.DiffChanges.DIFF_SOME,
} as const;

export function diffResponse(result: api.DiffResult): proto.DiffResponse {
  const message = new proto.DiffResponse()
    .setChanges(CHANGES[result.changes])
    .setReplacesList([...(result.replaces ?? [])])
    .setStablesList([...(result.stables ?? [])])
    .setDeletebeforereplace(result.deleteBeforeReplace ?? false)
    .setHasdetaileddiff(result.detailed !== undefined);
  const detailed = Object.entries(result.detailed ?? {});
  // Without a detailed diff the engine reads the changed properties here.
  message.setDiffsList([...new Set(detailed.map(([path]) => path.split(/[.[]/)[0] ?? path))]);
  for (const [path, change] of detailed) {
    // Compared with the old inputs, so that previews show "input => input" and refresh shows drift.
    message.getDetaileddiffMap().set(path, new proto.PropertyDiff().setKind(KINDS[change]).setInputdiff(true));
  }
  return message;
}

export function createRequest(message: proto.CreateRequest, signal: AbortSignal): api.CreateRequest {
  return {
    ...resource(message, signal),
    inputs: decodeProperties(message.getProperties()),
    preview: message.getPreview(),
    timeoutSeconds: message.getTimeout(),
  };
}

export function createResponse(result: api.CreateResult): proto.CreateResponse {
  return new proto.CreateResponse().setId(result.id).setProperties(encodeProperties(result.outputs));
}

export function readRequest(message: proto.ReadRequest, signal: AbortSignal): api.ReadRequest {
  return {
    ...resource(message, signal),
    id: message.getId(),
    outputs: decodeProperties(message.getProperties()),
    inputs: decodeProperties(message.getInputs()),
  };
}

/** An empty id tells the engine that the resource is gone. */
export function readResponse(result: api.ReadResult | undefined): proto.ReadResponse {
  if (!result) return new proto.ReadResponse();
  return new proto.ReadResponse()
    .setId(result.id)
    .setProperties(encodeProperties(result.outputs))
    .setInputs(encodeProperties(result.inputs));
}

export function updateRequest(message: proto.UpdateRequest, signal: AbortSignal): api.UpdateRequest {
  return { ...diffRequest(message, signal), preview: message.getPreview(), timeoutSeconds: message.getTimeout() };
}

export function updateResponse(outputs: Properties): proto.UpdateResponse {
  return new proto.UpdateResponse().setProperties(encodeProperties(outputs));
}

export function deleteRequest(message: proto.DeleteRequest, signal: AbortSignal): api.DeleteRequest {
  return {
    ...resource(message, signal),
    id: message.getId(),
    outputs: decodeProperties(message.getProperties()),
    inputs: decodeProperties(message.getOldInputs()),
    timeoutSeconds: message.getTimeout(),
  };
}

export function invokeRequest(message: proto.InvokeRequest, signal: AbortSignal): api.InvokeRequest {
  return {
    token: message.getTok(),
    args: decodeProperties(message.getArgs()),
    preview: message.getPreview(),
    signal,
  };
}

export function invokeResponse(result: api.InvokeResult): proto.InvokeResponse {
  return new proto.InvokeResponse()
    .setReturn(encodeProperties(result.result))
    .setFailuresList(failures(result.failures));
}
