import type { Properties } from "../../values";
import { isNotFound, type KubernetesApi, type ObjectRef } from "../kubernetes-api";
import { text } from "../objects";
import type { PlannedRelease } from "./release-inputs";

const SECRET = { group: "", version: "v1", kind: "Secret" };

/** What is remembered of a release. */
export interface StoredRelease {
  readonly name: string;
  readonly namespace: string;
  readonly revision: number;
  readonly status: "deployed" | "failed" | "pending-install" | "pending-upgrade";
  readonly chart: string;
  readonly version: string;
  readonly appVersion: string;
  readonly values: Properties;
  /** Everything that goes when the release goes. */
  readonly manifest: readonly Properties[];
}

/** Helm keeps a Secret for each revision in the release's namespace: https://helm.sh/docs/topics/advanced/#storage-backends. Here only the last one stays. */
export class ReleaseStore {
  constructor(private readonly api: KubernetesApi) {}

  async find(namespace: string, name: string): Promise<StoredRelease | undefined> {
    const found = await this.secrets(namespace, name);
    const latest = found.map(parsed).toSorted((one, other) => one.revision - other.revision);
    return latest.at(-1);
  }

  async write(release: StoredRelease): Promise<void> {
    const ref = refOf(release.namespace, release.name, release.revision);
    const labels = { owner: "helm", name: release.name, status: release.status, version: String(release.revision) };
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: ref.name, namespace: ref.namespace, labels },
      type: "helm.sh/release.v1",
      stringData: { release: JSON.stringify(release) },
    };
    await this.api.apply(ref, secret, { fieldManager: "helm", force: true });
  }

  /** Forgets every revision, or those before one. */
  async forget(namespace: string, name: string, before = Infinity): Promise<void> {
    for (const secret of await this.secrets(namespace, name)) {
      const { revision } = parsed(secret);
      if (revision < before) await ifThere(this.api.delete(refOf(namespace, name, revision), "Background"));
    }
  }

  private async secrets(namespace: string, name: string): Promise<readonly Properties[]> {
    return this.api.list(SECRET, namespace, `?labelSelector=${encodeURIComponent(`owner=helm,name=${name}`)}`);
  }
}

export function stored(release: PlannedRelease, revision: number, status: StoredRelease["status"]): StoredRelease {
  const { name, namespace, chart, version, appVersion, values, templates } = release;
  return { name, namespace, revision, status, chart, version, appVersion, values, manifest: templates };
}

function refOf(namespace: string, name: string, revision: number): ObjectRef {
  return { kind: SECRET, namespace, name: `sh.helm.release.v1.${name}.v${String(revision)}` };
}

function parsed(secret: Properties): StoredRelease {
  const encoded = text(secret, "data", "release") ?? "";
  return JSON.parse(Buffer.from(encoded, "base64").toString()) as StoredRelease;
}

export async function ifThere(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
