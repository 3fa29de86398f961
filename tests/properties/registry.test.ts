import * as fc from "fast-check";
import { Registry, type RegistryArgs } from "../../components";
import { logicalNames } from "./arbitraries/common";
import { expectAccepted, expectRefused, expectSamePreview, PATIENCE } from "./expectations";
import type { Subject } from "./subject";

type Given = Pick<RegistryArgs, "registryName" | "sku" | "location"> & { readonly pulled: boolean };

const subject: Subject<Given> = {
  given: fc.record({
    name: logicalNames,
    args: fc.record<Given, "pulled">(
      {
        registryName: fc.stringMatching(/^[a-zA-Z0-9]{5,50}$/),
        sku: fc.constantFrom("Standard", "Premium"),
        location: fc.constantFrom("eastus", "westeurope"),
        pulled: fc.boolean(),
      },
      { requiredKeys: ["pulled"] },
    ),
  }),
  register: ({ name, args: { pulled, ...args } }, world) =>
    new Registry(name, { resourceGroupName: world.resourceGroupName, pulledBy: pulled ? world.cluster() : undefined, ...args }),
  mutations: [
    { fault: "a name of two characters", code: "AKSFT-NAME-01", argument: "registryName", args: { registryName: "ml" } },
    { fault: "a hyphen in the name", code: "AKSFT-NAME-01", argument: "registryName", args: { registryName: "my-registry" } },
    { fault: "a name of 51 characters", code: "AKSFT-NAME-01", argument: "registryName", args: { registryName: "r".repeat(51) } },
  ],
};

describe("Registry, drawn at random,", () => {
  it("is accepted by the stand-ins", () => expectAccepted(subject), PATIENCE);

  it("registers the same in a preview that knows nothing yet of what is passed on", () => expectSamePreview(subject), PATIENCE);

  it.each(subject.mutations)(
    "refuses $fault, for that reason alone, before anything is registered",
    (mutation) => expectRefused(subject, mutation),
    PATIENCE,
  );
});
