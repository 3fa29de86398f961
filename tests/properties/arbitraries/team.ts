import * as fc from "fast-check";
import type { ContainerFigures, TeamArgs, TeamQuota } from "../../../components";
import { NETWORKS, type NetworkKind } from "../world";
import { environments, from, labels, optional, tags } from "./common";

export type TeamGiven = Omit<TeamArgs, "cluster" | "adapters" | "pushIdentity" | "checkpointsShare"> & {
  readonly network: NetworkKind;
  readonly privateApiServer?: boolean;
  readonly kubernetesVersion: "1.34" | "1.35" | "1.36" | "1.37";
  /** What is not the team's own. */
  readonly existing: readonly ("identity" | "share")[];
};

/** Namespaces are DNS labels; some belong to the cluster. */
const names = fc
  .oneof(fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?$/), fc.constant("t".repeat(63)))
  .filter((name) => !/^(default|gpu-support|kaito-workspace|gpu-provisioner|gatekeeper-system|kube-.*|aks-.*)$/.test(name));

const pushers = fc.uniqueArray(
  fc.oneof({ weight: 9, arbitrary: fc.stringMatching(/^ci-[a-z0-9-]{0,10}[a-z0-9]$/) }, { weight: 1, arbitrary: fc.constant("w".repeat(51)) }),
  { maxLength: 19 },
);

const quota: fc.Arbitrary<TeamQuota> = fc.record(
  {
    pods: from(1, 100_000),
    cpuCores: from(1, 1_000_000),
    memoryGiB: from(1, 10_000_000),
    localDiskGiB: from(1, 10_000_000),
    volumeClaims: from(1, 10_000),
    objects: from(10, 1_000_000),
  },
  { requiredKeys: [] },
);
const containers: fc.Arbitrary<ContainerFigures> = fc
  .record({ maxMemoryGiB: from(1, 100_000), localDiskGiB: from(1, 100_000), maxCpuCores: from(1, 1000) })
  .chain((most) => from(1, most.maxMemoryGiB).map((memoryGiB) => ({ ...most, memoryGiB })));

const egress = fc.record<Pick<TeamGiven, "allowedEgress" | "egressNames">, never>(
  {
    allowedEgress: fc.array(fc.record({ range: fc.constantFrom("10.20.0.0/24", "10.20.0.7/32", "192.168.0.0/16"), ports: fc.array(from(1, 65_535), { minLength: 1, maxLength: 3 }) }), { maxLength: 3 }),
    egressNames: fc.subarray(["huggingface.co", "*.huggingface.co", "pypi.org"]),
  },
  { requiredKeys: [] },
);

const rest = fc.record<Pick<TeamGiven, "maxGpus" | "quota" | "containers" | "labels" | "tags" | "environment" | "pushers" | "checkpointsGiB" | "encryptInTransit">, never>(
  {
    maxGpus: from(0, 10_000),
    quota,
    containers,
    labels,
    tags,
    environment: environments,
    pushers,
    checkpointsGiB: from(100, 102_400),
    encryptInTransit: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** A share of the team's own can be told how to last. */
const shares: fc.Arbitrary<Partial<TeamGiven> & Pick<TeamGiven, "existing">> = fc.oneof(
  fc.record({ existing: fc.subarray<"identity" | "share">(["identity"]), zoneRedundant: optional(fc.boolean()), softDeleteDays: optional(from(0, 365)), protect: optional(fc.boolean()), retainOnDelete: optional(fc.boolean()) }),
  fc.record({ existing: fc.constantFrom<TeamGiven["existing"][]>(["share"], ["identity", "share"]) }),
);

const clusters: fc.Arbitrary<Pick<TeamGiven, "network" | "privateApiServer" | "kubernetesVersion">> = fc.record({
  network: fc.constantFrom(...NETWORKS),
  kubernetesVersion: fc.constantFrom("1.34", "1.35", "1.36", "1.37"),
  privateApiServer: fc.boolean(),
}).map((all) => ({ ...all, privateApiServer: all.privateApiServer && all.network !== "bare" }));

export const teamGiven = fc.record({
  name: names,
  args: fc.tuple(clusters, shares, rest, egress).map(([cluster, share, more, way]): TeamGiven => ({ ...cluster, ...share, ...more, ...way })),
});
