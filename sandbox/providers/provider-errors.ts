import * as grpc from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { encodeProperties, type Properties } from "./values";

/** Refuses a call with a message that the engine prints as it is. */
export class ProviderError extends Error {
  constructor(
    message: string,
    readonly code: grpc.status = grpc.status.UNKNOWN,
  ) {
    super(message);
  }
}

/** The object exists but did not come up: the engine records it and fails the operation; the next one updates it. */
export class InitializationFailed extends Error {
  constructor(
    readonly id: string,
    readonly inputs: Properties,
    readonly outputs: Properties,
    readonly reasons: readonly string[],
  ) {
    super(reasons.join("; "));
  }
}

export function serviceErrorOf(error: unknown): Partial<grpc.StatusObject> {
  if (error instanceof InitializationFailed) return initializationFailure(error);
  if (error instanceof ProviderError) return { code: error.code, details: error.message };
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: grpc.status.UNKNOWN, details };
}

/**
 * Rich errors travel in the `grpc-status-details-bin` trailer as a google.rpc.Status, whose code must be the call's.
 */
function initializationFailure(error: InitializationFailed): Partial<grpc.StatusObject> {
  const detail = new ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setInputs(encodeProperties(error.inputs));
  detail.setProperties(encodeProperties(error.outputs));
  detail.setReasonsList([...error.reasons]);
  const packed = new Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status().setCode(grpc.status.UNKNOWN).setMessage(error.message);
  status.addDetails(packed);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details: error.message, metadata };
}
