import * as crypto from "node:crypto";
import { InitializationFailed, ProviderError } from "../provider-errors";
import { type Properties, Unknown } from "../values";
import { ApiError, type ObjectRef, type PropagationPolicy } from "./kubernetes-api";
import { annotation, field, kindOf, nameOf, namespaceOf, withField, withoutField } from "./objects";

export function refOf(object: Properties): ObjectRef {
  const kind = kindOf(object);
  if (!kind) throw new ProviderError("a Kubernetes object needs apiVersion and kind");
  return { kind, namespace: namespaceOf(object), name: nameOf(object) };
}

/** The annotation, else what the state remembers, else a new one (provider.go, fieldManagerName). */
export function fieldManagerOf(inputs: Properties, remembered: string | undefined): string {
  const fresh = (): string => `pulumi-kubernetes-${crypto.randomBytes(4).toString("hex")}`;
  return annotation(inputs, "pulumi.com/patchFieldManager") ?? remembered ?? fresh();
}

/** Foreground unless annotated (provider/pkg/metadata/overrides.go, DeletionPropagation). */
export function propagationPolicy(inputs: Properties): PropagationPolicy {
  const wanted = annotation(inputs, "pulumi.com/deletionPropagationPolicy")?.toLowerCase();
  if (wanted === "orphan") return "Orphan";
  return wanted === "background" ? "Background" : "Foreground";
}

export function isForbidden(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403;
}

/** A namespace left out means `default`; on an object of the whole cluster it means nothing (provider.go, Diff). */
export function withCanonicalNamespace(object: Properties, namespaced: boolean): Properties {
  if (!namespaced) return withoutField(object, ["metadata", "namespace"]);
  if (field(object, "metadata", "namespace") instanceof Unknown) return object;
  return withField(object, ["metadata", "namespace"], namespaceOf(object) || "default");
}

export function refused(error: unknown, summary: string): ProviderError {
  return new ProviderError(`${summary}: ${reasonOf(error)}`);
}

/** The API server's words, with the official provider's advice on conflicts (provider/pkg/await/await.go). */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ApiError) || error.reason !== "Conflict") return message;
  const guide =
    "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/" +
    "#handle-field-conflicts-on-existing-resources";
  return `Server-Side Apply field conflict detected. See ${guide}: ${message}`;
}

/** The object is there but not what was asked for: the state keeps it, the operation fails. */
export function notLive(
  id: string,
  inputs: Properties,
  outputs: Properties,
  summary: string,
  problems: readonly string[],
): InitializationFailed {
  const [first = "", ...rest] = problems;
  return new InitializationFailed(id, inputs, outputs, [`${summary}: ${first}`, ...rest]);
}
