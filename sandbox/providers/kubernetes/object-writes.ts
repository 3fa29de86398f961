import { setTimeout as sleep } from "node:timers/promises";
import type { Properties } from "../values";
import { isNotFound, type KubernetesApi, NoSuchKind, type ObjectRef, type WriteOptions } from "./kubernetes-api";
import { adoptFields, leaveIgnored } from "./managed-fields";
import { isAnnotatedTrue, items, text } from "./objects";

/** Five more tries after 1, 2, 4, 8 and 16 s (provider/pkg/await/await.go, Creation; provider/pkg/retry). */
const RETRIES = 5;

/**
 * Creates an object that must not exist yet (since 4.29; `upsertExistingObjects` overwrites). What it lives in, a
 * namespace or a definition, may be on its way: not found is tried again, except in a preview.
 */
export async function createObject(
  api: KubernetesApi,
  ref: ObjectRef,
  inputs: Properties,
  options: WriteOptions & { readonly upsert: boolean; readonly signal: AbortSignal },
): Promise<Properties> {
  for (let attempt = 0; ; attempt++) {
    try {
      return options.upsert ? await api.apply(ref, inputs, options) : await api.create(ref, inputs, options);
    } catch (error) {
      const missing = isNotFound(error) || error instanceof NoSuchKind;
      if (!missing || options.dryRun || options.signal.aborted || attempt === RETRIES) throw error;
      await sleep(1000 * 2 ** attempt);
    }
  }
}

export interface UpdateOptions extends WriteOptions {
  readonly ignoreChanges: readonly string[];
}

/** Server-side apply of the whole inputs; conflicts with other writers fail unless forced, in a preview never. */
export async function updateObject(
  api: KubernetesApi,
  ref: ObjectRef,
  inputs: Properties,
  options: UpdateOptions,
): Promise<Properties> {
  const current = await api.get(ref);
  if (ref.kind.kind === "CustomResourceDefinition") {
    // A definition is replaced as a whole, which keeps its objects (await.go, updateResource).
    const resourceVersion = text(current, "metadata", "resourceVersion");
    const metadata = { ...Object.fromEntries(Object.entries(inputs["metadata"] ?? {})), resourceVersion };
    return api.replace(ref, { ...inputs, metadata }, options);
  }
  const live = options.dryRun ? current : await adopted(api, ref, current, options.fieldManager);
  const sent = leaveIgnored(inputs, live, options.ignoreChanges, options.fieldManager);
  const force = options.force || options.dryRun || isAnnotatedTrue(inputs, "pulumi.com/patchForce");
  return api.apply(ref, sent, { ...options, force });
}

async function adopted(
  api: KubernetesApi,
  ref: ObjectRef,
  live: Properties,
  manager: string,
): Promise<Properties> {
  const managedFields = adoptFields(items(live, "metadata", "managedFields"), manager);
  if (managedFields === undefined) return live;
  return api.patchJson(ref, [
    { op: "replace", path: "/metadata/managedFields", value: managedFields },
    { op: "replace", path: "/metadata/resourceVersion", value: text(live, "metadata", "resourceVersion") },
  ]);
}
