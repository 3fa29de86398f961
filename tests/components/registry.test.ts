import { Registry } from "../../components";
import { guidFrom } from "../../components/plan/digest";
import { mockEngine, type Registration } from "../support/mock-engine";
import { existingCluster, EXISTING_PROVIDER } from "../support/references";
import { problemsOf } from "../support/refusal";
import { resolved } from "../support/resolved";

const READER = "b93aa761-3e63-49ed-ac28-beffa264f7ac";
const ARGS = { resourceGroupName: "group", location: "eastus", registryName: "mlreg" };
const COMPONENT: Registration = {
  type: "aks-fine-tuning:index:Registry",
  name: "adapters",
  inputs: { registryName: "mlreg", sku: "Standard" },
};
const REGISTRY: Registration = {
  type: "azure-native:resources:Resource",
  name: "adapters",
  parent: "Registry adapters",
  inputs: {
    resourceGroupName: "group",
    location: "eastus",
    resourceProviderNamespace: "Microsoft.ContainerRegistry",
    parentResourcePath: "",
    resourceType: "registries",
    resourceName: "mlreg",
    apiVersion: "2025-11-01",
    sku: { name: "Standard" },
    properties: { adminUserEnabled: false, anonymousPullEnabled: false, roleAssignmentMode: "AbacRepositoryPermissions" },
  },
};

describe("Registry", () => {
  it("registers a registry without passwords, and no role where no cluster pulls", async () => {
    const engine = await mockEngine();
    new Registry("adapters", ARGS);
    expect(await engine.registered()).toEqual([COMPONENT, REGISTRY]);
  });

  it("lets the cluster's nodes pull", async () => {
    const engine = await mockEngine();
    new Registry("adapters", { ...ARGS, pulledBy: existingCluster() });
    expect(await engine.registered()).toEqual([
      COMPONENT,
      {
        type: "azure-native:authorization:RoleAssignment",
        name: "adapters-pull",
        parent: "Registry adapters",
        after: ["Resource adapters"],
        inputs: {
          scope: "Resource/adapters",
          principalId: "kubelet-object-id",
          principalType: "ServicePrincipal",
          roleDefinitionId: `/subscriptions/subscription/providers/Microsoft.Authorization/roleDefinitions/${READER}`,
          roleAssignmentName: guidFrom("Resource/adapters", "kubelet-object-id", READER),
        },
      },
      REGISTRY,
      EXISTING_PROVIDER,
    ]);
  });

  it("protects what it creates where asked to", async () => {
    const engine = await mockEngine();
    new Registry("adapters", ARGS, { protect: true });
    expect(await engine.registered()).toEqual([{ ...COMPONENT, protect: true }, { ...REGISTRY, protect: true }]);
  });

  it("leaves the last word to the caller", async () => {
    const engine = await mockEngine();
    new Registry("adapters", { ...ARGS, override: (args) => ({ ...args, tags: { team: "ml" } }) });
    expect(await engine.registered()).toEqual([COMPONENT, { ...REGISTRY, inputs: { ...REGISTRY.inputs, tags: { team: "ml" } } }]);
  });

  it("knows its server from what Azure answers", async () => {
    const engine = await mockEngine();
    const { loginServer } = new Registry("adapters", ARGS);
    expect(await resolved(loginServer)).toBe("mlreg.azurecr.io");
    await engine.registered();
  });

  it("registers nothing under a name that Azure refuses", async () => {
    const engine = await mockEngine();
    expect(problemsOf(() => new Registry("adapters", { ...ARGS, registryName: "ml" }))).toEqual([
      expect.stringMatching(/^AKSFT-NAME-01 registryName: got "ml"/),
    ]);
    expect(await engine.registered()).toEqual([]);
  });
});
