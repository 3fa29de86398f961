import { setTimeout as sleep } from "node:timers/promises";
import { admissionObjects, PROBE } from "../../../sandbox/kaito/admission";
import { kaitoDefinitions } from "../../../sandbox/kaito/definitions";
import type { PlayedVersion, Provisioner } from "../../../sandbox/kaito/versions";
import { type ApiServer, apiServerOf } from "../api-server";
import type { KubernetesObject } from "../kubernetes-objects";

/** A policy, or the binding of one, which has an object that it refuses. */
interface Policy extends KubernetesObject {
  readonly metadata: KubernetesObject["metadata"] & { readonly annotations?: Readonly<Record<string, string>> };
}

interface Definition {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const POLICIES = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";

/** Kinds and admission of one version of KAITO in an API server, and nobody who acts upon what is made. */
export class InstalledKinds {
  private constructor(
    readonly server: ApiServer,
    private readonly version: PlayedVersion,
    private provisioner: Provisioner,
  ) {}

  static async in(home: string, version: PlayedVersion, provisioner: Provisioner): Promise<InstalledKinds> {
    const installing = apiServerOf(home);
    for (const definition of kaitoDefinitions(version).templates) {
      await taken(installing, definition);
      await eventually(`${definition.metadata.name} is served`, async () => {
        const { status } = await installing.get<Definition>(`${DEFINITIONS}/${definition.metadata.name}`);
        return status?.conditions?.some((each) => each.type === "Established" && each.status === "True") === true;
      });
    }
    installing.close();
    // Which kinds there are a connection asks once.
    const kinds = new InstalledKinds(apiServerOf(home), version, provisioner);
    await kinds.judge();
    return kinds;
  }

  /** Admission as it is with another provisioner. */
  async judgedWith(provisioner: Provisioner): Promise<void> {
    if (provisioner === this.provisioner) return;
    await this.stopJudging();
    this.provisioner = provisioner;
    await this.judge();
  }

  async remove(): Promise<void> {
    await this.stopJudging();
    for (const { metadata } of kaitoDefinitions(this.version).templates) {
      const definition = `${DEFINITIONS}/${metadata.name}`;
      await this.server.delete(definition);
      await eventually(`${metadata.name} is gone`, () => this.server.get(definition).then(() => false, () => true));
    }
    this.server.close();
  }

  private policies(): readonly Policy[] {
    return admissionObjects(this.version, this.provisioner) as readonly Policy[];
  }

  private async judge(): Promise<void> {
    for (const object of this.policies()) await taken(this.server, object);
    for (const probe of this.probes()) await eventually(`${probe.kind} is judged`, () => this.isRefused(probe));
  }

  private async stopJudging(): Promise<void> {
    for (const { kind, metadata } of this.policies()) {
      await this.server.delete(kind.endsWith("Binding") ? `${POLICIES.replace(/ies$/, "ybindings")}/${metadata.name}` : `${POLICIES}/${metadata.name}`);
    }
    for (const probe of this.probes()) await eventually(`${probe.kind} is judged no longer`, async () => !(await this.isRefused(probe)));
  }

  /** Objects that every policy refuses and no schema does. */
  private probes(): readonly KubernetesObject[] {
    const probes = this.policies().flatMap(({ metadata: { annotations } }) => annotations?.[PROBE] ?? []);
    return probes.map((probe) => JSON.parse(probe) as KubernetesObject);
  }

  private async isRefused(object: KubernetesObject): Promise<boolean> {
    return (await this.server.apply(object, { dryRun: true })).refusal !== undefined;
  }
}

async function taken(server: ApiServer, object: KubernetesObject): Promise<void> {
  const { refusal } = await server.apply(object, { dryRun: false });
  if (refusal !== undefined) throw new Error(`${object.kind} ${object.metadata.name}: ${refusal}`);
}

/** Looks until it is so. */
export async function eventually(what: string, look: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (await look().catch(() => false)) return;
    await sleep(100);
  }
  throw new Error(`${what}: not after 30 s`);
}
