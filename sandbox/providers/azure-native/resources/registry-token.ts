import type { JsonObject } from "../../values";
import { ArmError } from "../arm-error";
import { parentId } from "../arm-ids";
import { objectAt, textAt, textsAt } from "../json";
import type { TypeRules, World, Write } from "../rules";
import type { ResourceRecord } from "../state";

export const TOKEN = "azure-native:containerregistry:Token";

/** learn.microsoft.com/azure/container-registry/container-registry-token-based-repository-permissions: actions and wildcards. */
const ACTION = /^repositories\/(?:[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*(?:\/\*)?|\*)\/(?:content\/(?:read|write|delete)|metadata\/(?:read|write))$/;

export const scopeMapRules: TypeRules = {
  milliseconds: 50,
  validate: ({ inputs }) => {
    const actions = textsAt(inputs, "actions");
    if (actions.length === 0) throw invalid("The scope map needs at least one action.");
    const wrong = actions.find((action) => !ACTION.test(action));
    if (wrong !== undefined) throw invalid(`The scope map action '${wrong}' is not valid.`);
  },
  assign: () => Promise.resolve({ creationDate: new Date().toISOString() }),
  outputs: madeAt,
  validateDelete: (record, { state }) => {
    const user = state.ofType(TOKEN).find((token) => textAt(token.outputs, "scopeMapId")?.toLowerCase() === record.id.toLowerCase());
    if (user) throw new ArmError(409, "ScopeMapInUse", `The scope map '${record.name}' is used by the token '${user.name}'.`);
  },
};

export const tokenRules: TypeRules = {
  milliseconds: 50,
  validate: ({ id, inputs, world }) => {
    const scopeMapId = textAt(inputs, "scopeMapId") ?? "";
    const system = /\/scopeMaps\/_repositories_(?:admin|pull|push)$/.test(scopeMapId);
    if (parentId(scopeMapId)?.toLowerCase() !== parentId(id)?.toLowerCase()) throw invalid(`The scope map '${scopeMapId}' is not of the token's registry.`);
    if (!system && !world.state.get(scopeMapId)) throw new ArmError(404, "ScopeMapNotFound", `The scope map '${scopeMapId}' could not be found.`);
  },
  assign: () => Promise.resolve({ creationDate: new Date().toISOString() }),
  outputs: (write) => ({
    ...madeAt(write),
    status: textAt(write.inputs, "status") ?? "enabled",
    // A write that names no passwords is taken to keep those that were generated.
    credentials: objectAt(write.inputs, "credentials") ?? objectAt(write.before?.outputs, "credentials") ?? { passwords: [] },
  }),
};

function madeAt({ before, assigned }: Write): JsonObject {
  const creationDate = textAt(before?.outputs, "creationDate") ?? textAt(assigned, "creationDate");
  return creationDate === undefined ? {} : { creationDate };
}

function invalid(message: string): ArmError {
  return new ArmError(400, "InvalidRequestParameter", message);
}

export interface GeneratedPassword {
  readonly name: "password1" | "password2";
  readonly expiry?: string;
}

/** What Azure remembers of a password; its value it says once. Regenerating one leaves the other as it is. */
export function rememberPassword(token: ResourceRecord, { name, expiry }: GeneratedPassword, { state }: Pick<World, "state">): void {
  const held = passwordsOf(token).filter((password) => textAt(password, "name") !== name);
  const made = { name, creationTime: new Date().toISOString(), ...(expiry === undefined ? {} : { expiry }) };
  const passwords = [...held, made].sort((a, b) => ((textAt(a, "name") ?? "") < (textAt(b, "name") ?? "") ? -1 : 1));
  state.put({ ...token, outputs: { ...token.outputs, credentials: { passwords } } });
}

export function passwordsOf(token: ResourceRecord): readonly JsonObject[] {
  const passwords = objectAt(token.outputs, "credentials")?.["passwords"];
  return Array.isArray(passwords) ? (passwords as readonly JsonObject[]) : [];
}
