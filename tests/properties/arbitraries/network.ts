import * as fc from "fast-check";
import type { NetworkArgs } from "../../../components";
import { parseRange } from "../../../components/plan/network/address-ranges";
import { dotted, logicalNames, optional } from "./common";

export type NetworkGiven = Omit<NetworkArgs, "resourceGroupName">;

/** Second octets of ranges inside 10.0.0.0/8 that clusters use for pods and services. */
const TAKEN = [96, 244];

const addressSpaces = fc
  .tuple(fc.integer({ min: 0, max: 255 }).filter((octet) => !TAKEN.includes(octet)), fc.integer({ min: 0, max: 255 }), fc.integer({ min: 16, max: 22 }))
  .map(([second, third, prefix]) => {
    const size = 2 ** (32 - prefix);
    const address = 10 * 2 ** 24 + second * 2 ** 16 + third * 2 ** 8;
    return `${dotted(Math.floor(address / size) * size)}/${prefix}`;
  });

/** A network, and, in half of them, a range for nodes somewhere inside it. */
const networks = fc.tuple(addressSpaces, fc.integer({ min: 0, max: 5 }), fc.nat(), fc.boolean()).map(([addressSpace, longer, where, chosen]): NetworkGiven => {
  const space = parseRange(addressSpace);
  if (!chosen || !space) return { addressSpace };
  const prefix = space.prefix + longer;
  const first = space.first + (where % 2 ** longer) * 2 ** (32 - prefix);
  return { addressSpace, nodeRange: `${dotted(first)}/${prefix}` };
});

export const networkGiven = fc.record({
  name: logicalNames,
  args: fc.tuple(fc.oneof({ weight: 9, arbitrary: networks }, { weight: 1, arbitrary: fc.constant({}) }), optional(fc.constantFrom("eastus", "westeurope"))).map(
    ([network, location]): NetworkGiven => ({ ...network, ...(location === undefined ? {} : { location }) }),
  ),
});
