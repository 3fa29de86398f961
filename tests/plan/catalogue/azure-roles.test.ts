import * as pulumi from "@pulumi/pulumi";
import * as roles from "../../../components/plan/catalogue/azure-roles";
import { resolved } from "../../support/resolved";

const { repositoryPrefixCondition, roleDefinitionId, ...ids } = roles;

describe("Azure roles", () => {
  it("are distinct ids", () => {
    expect(new Set(Object.values(ids)).size).toBe(Object.values(ids).length);
    for (const id of Object.values(ids)) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it("are named in full under the subscription", async () => {
    const id = await resolved(roleDefinitionId(pulumi.output("sub"), roles.NETWORK_ROLE));
    expect(id).toBe("/subscriptions/sub/providers/Microsoft.Authorization/roleDefinitions/4d97b98b-1d4f-4787-a291-c67834d212e7");
  });

  it("limit writing and reading to the repositories of one team, and leave other actions alone", () => {
    expect(repositoryPrefixCondition("support")).toBe(
      "((!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/content/write'}) " +
        "AND !(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/content/read'})) OR " +
        "(@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringStartsWithIgnoreCase 'support/'))",
    );
  });
});
