import * as crypto from "node:crypto";
import { ProviderError } from "../provider-errors";
import type { CheckRequest } from "../stand-in";
import { Unknown, type Properties } from "../values";
import { field, isAnnotatedTrue, nameOf, text, withField } from "./objects";

const AUTONAMED = "pulumi.com/autonamed";
const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

/**
 * Names an object that has no name (pulumi-kubernetes, provider/pkg/metadata/naming.go): the old one's name if that was
 * given here too, else `<logical name>-<8 characters>` from the engine's seed, so that preview and update agree.
 */
export function autonamed(inputs: Properties, oldInputs: Properties, request: CheckRequest): Properties {
  const name = field(inputs, "metadata", "name");
  if (name instanceof Unknown || nameOf(inputs) !== "" || text(inputs, "metadata", "generateName")) return inputs;
  if (field(inputs, "metadata") instanceof Unknown) return inputs;
  if (nameOf(oldInputs) !== "") {
    return isAutonamed(oldInputs) ? named(inputs, nameOf(oldInputs)) : inputs;
  }
  return named(inputs, chosenName(request));
}

function chosenName({ name, autonaming, randomSeed }: CheckRequest): string {
  if (autonaming?.mode === "disable") {
    throw new ProviderError(`autonaming is disabled, so ${name} needs metadata.name`);
  }
  if (autonaming?.proposedName) return autonaming.proposedName;
  const seed = randomSeed.length > 0 ? randomSeed : crypto.randomBytes(32);
  const bytes = crypto.createHash("sha256").update(seed).update(name).digest().subarray(0, 8);
  return `${name}-${Array.from(bytes, (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join("")}`;
}

function named(inputs: Properties, name: string): Properties {
  const withName = withField(inputs, ["metadata", "name"], name);
  return withField(withName, ["metadata", "annotations", AUTONAMED], "true");
}

export function isAutonamed(object: Properties): boolean {
  return isAnnotatedTrue(object, AUTONAMED);
}
