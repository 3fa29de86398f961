import * as fc from "fast-check";
import { RegistrySecret, type RegistrySecretArgs } from "../../../components";
import { logicalNames, optional, repositories } from "../arbitraries/common";
import type { Subject } from "../subject";

type Given = Omit<RegistrySecretArgs, "team" | "registry"> & {
  /** Another registry than the one that exists. */
  readonly registryId?: string;
};

export const registrySecret: Subject<Given> = {
  given: fc.record({
    name: logicalNames,
    args: fc.record<Given, "repository" | "access" | "validHours">(
      {
        repository: repositories,
        access: fc.constantFrom("pull", "push"),
        validHours: fc.oneof(fc.integer({ min: 1, max: 8760 }), fc.constantFrom(1, 8760)),
        mintedFor: optional(fc.stringMatching(/^[0-9a-f]{10}$/)),
        secretName: optional(fc.stringMatching(/^[a-z0-9]{1,8}(?:[.-][a-z0-9]{1,8}){0,3}$/)),
        renew: optional(fc.boolean()),
      },
      { requiredKeys: ["repository", "access", "validHours"] },
    ),
  }),
  register: ({ name, args: { registryId, ...args } }, world) => {
    const registry = registryId === undefined ? world.registry : { ...world.registry, id: registryId };
    return new RegistrySecret(name, { team: world.team(), registry, ...args });
  },
  mutations: [
    { fault: "a repository with capitals", code: "AKSFT-SECRET-01", argument: "repository", args: { repository: "Support/tickets" }, nearest: { args: { repository: "support/tickets" } } },
    { fault: "an access that is none", code: "AKSFT-SECRET-02", argument: "access", args: { access: "write" }, nearest: { args: { access: "push" } } },
    { fault: "a password for no hour", code: "AKSFT-SECRET-03", argument: "validHours", args: { validHours: 0 }, nearest: { args: { validHours: 1 } } },
    { fault: "a password for over a year", code: "AKSFT-SECRET-03", argument: "validHours", args: { validHours: 8761 }, nearest: { args: { validHours: 8760 } } },
    { fault: "a Secret with an underscore", code: "AKSFT-SECRET-04", argument: "secretName", args: { secretName: "tickets_push" }, nearest: { args: { secretName: "tickets-push" } } },
    { fault: "a registry by its host", code: "AKSFT-SECRET-05", argument: "registry.id", args: { registryId: "existing12345.azurecr.io" }, nearest: { args: { registryId: undefined } } },
  ],
};
