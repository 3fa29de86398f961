import * as fc from "fast-check";
import type { Environment, Tags } from "../../../components";
import type { Labels } from "../../../components/plan/labels";

/** Logical names that every component takes. */
export const logicalNames = fc.stringMatching(/^[a-z](?:[a-z0-9-]{0,18}[a-z0-9])?$/);

/** DNS labels up to the length that workloads may have. */
export const workloadNames = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/);

export const environments = fc.constantFrom<Environment>("production", "development");

export const locations = fc.constantFrom("eastus", "westeurope");

export const digests = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`);

/** Image references by digest. */
export const images = fc
  .tuple(fc.constantFrom("mlreg.azurecr.io", "ghcr.io", "localhost:5000"), fc.stringMatching(/^[a-z0-9]{1,12}(?:\/[a-z0-9]{1,12}){0,2}$/), digests)
  .map(([server, repository, digest]) => `${server}/${repository}@${digest}`);

/** Repositories, and what the names of several start with. */
export const repositories = fc.stringMatching(/^[a-z0-9]{1,10}(?:\/[a-z0-9]{1,10}){0,2}$/);

/** Versions whose nodes mount image volumes. */
export const recentVersions = fc.constantFrom("1.36" as const, "1.37" as const);

/** Tags of a user, up to the 48 that the library's own two leave room for. */
export const tags: fc.Arbitrary<Tags> = fc.oneof(
  { weight: 4, arbitrary: fc.dictionary(fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9 ._:@-]{0,20}x$/), fc.string({ maxLength: 40 }), { maxKeys: 3 }) },
  { weight: 1, arbitrary: fc.constant(manyTags(48)) },
);

export function manyTags(count: number): Tags {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, "x".repeat(index === 0 ? 256 : 1)]));
}

const labelValues = fc.oneof(fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,20}[A-Za-z0-9])?$/), fc.constantFrom("", "v".repeat(63)));

/** Keys of labels and taints that belong to nobody else. */
export const labelKeys = fc.oneof(fc.stringMatching(/^(?:example\.com\/)?own[A-Za-z0-9._-]{0,10}[a-z0-9]$/), fc.constant(`example.com/${"k".repeat(63)}`));

export const labels: fc.Arbitrary<Labels> = fc.dictionary(labelKeys, labelValues, { maxKeys: 3 });

/** A whole number from `min` to `max`, the two themselves more often than chance would have it. */
export function from(min: number, max: number): fc.Arbitrary<number> {
  return fc.oneof({ weight: 3, arbitrary: fc.integer({ min, max }) }, { weight: 1, arbitrary: fc.constantFrom(min, max) });
}

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

/** Ranges and single addresses that somebody on the Internet may come from. */
export const callers = fc.constantFrom(20, 51, 104, 203).chain((first) => fc.oneof(rangesIn(first, 8, 32), rangesIn(first, 32, 32).map((range) => range.replace("/32", ""))));

export function dotted(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}
