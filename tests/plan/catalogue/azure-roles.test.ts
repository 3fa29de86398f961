import * as pulumi from "@pulumi/pulumi";
import * as roles from "../../../components/plan/catalogue/azure-roles";
import { resolved } from "../../support/resolved";

const { repositoryPrefixCondition, repositoryReadCondition, roleDefinitionId, ...ids } = roles;

describe("Azure roles", () => {
  it("are distinct ids", () => {
    expect(new Set(Object.values(ids)).size).toBe(Object.values(ids).length);
    for (const id of Object.values(ids)) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it("are named in full under the subscription", async () => {
    const id = await resolved(roleDefinitionId(pulumi.output("sub"), roles.NETWORK_ROLE));
    expect(id).toBe("/subscriptions/sub/providers/Microsoft.Authorization/roleDefinitions/4d97b98b-1d4f-4787-a291-c67834d212e7");
  });

  const action = (name: string): string => `!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/${name}'})`;
  const named = "(@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringStartsWithIgnoreCase 'support/')";

  it("limit everything that a writer may do to the repositories of one team", () => {
    const actions = ["content/read", "content/write", "metadata/read", "metadata/write"].map(action).join(" AND ");
    expect(repositoryPrefixCondition("support")).toBe(`((${actions}) OR ${named})`);
  });

  it("limit everything that a reader may do", () => {
    const actions = ["content/read", "metadata/read"].map(action).join(" AND ");
    expect(repositoryReadCondition("support")).toBe(`((${actions}) OR ${named})`);
  });
});
