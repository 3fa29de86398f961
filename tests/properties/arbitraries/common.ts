import * as fc from "fast-check";
import type { KubernetesVersion } from "../../../components";

/** Logical names that every component takes. */
export const logicalNames = fc.stringMatching(/^[a-z](?:[a-z0-9-]{0,18}[a-z0-9])?$/);

/** DNS labels up to the length that workloads may have. */
export const workloadNames = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/);

export const digests = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`);

/** Image references by digest. */
export const images = fc
  .tuple(fc.constantFrom("mlreg.azurecr.io", "ghcr.io", "localhost:5000"), fc.stringMatching(/^[a-z0-9]{1,12}(?:\/[a-z0-9]{1,12}){0,2}$/), digests)
  .map(([server, repository, digest]) => `${server}/${repository}@${digest}`);

export const kubernetesVersions = fc.constantFrom<KubernetesVersion>("1.34", "1.35", "1.36", "1.37");
/** Those whose nodes mount image volumes. */
export const recentVersions = fc.constantFrom<KubernetesVersion>("1.36", "1.37");

/** A value, or the argument left out. */
export function optional<T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(values, { nil: undefined });
}

/** An IPv4 range of a prefix from `shortest` to `longest` somewhere in a /8, by its first address. */
export function rangesIn(first: number, shortest: number, longest: number): fc.Arbitrary<string> {
  return fc.tuple(fc.integer({ min: shortest, max: longest }), fc.integer({ min: 0, max: 2 ** 24 - 1 })).map(([prefix, offset]) => {
    const size = 2 ** (32 - prefix);
    return `${dotted(first * 2 ** 24 + Math.floor(offset / size) * size)}/${prefix}`;
  });
}

export function dotted(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}
