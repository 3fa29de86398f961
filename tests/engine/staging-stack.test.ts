import { destroy, emptyPreview, failure, leftInAzure, up } from "../support/engine-steps";
import { stackIn, startSandbox, type TestSandbox, type TestStack } from "../support/sandbox";

describe("the staging stack on the real engine", () => {
  let sandbox: TestSandbox;
  let stack: TestStack;

  beforeAll(() => {
    sandbox = startSandbox("simulated");
    stack = stackIn(sandbox, "staging");
  }, 900_000);
  afterAll(() => {
    sandbox.down();
  }, 120_000);

  it("comes up whole, and a second preview plans nothing", () => {
    expect(failure(up(stack))).toBe("");
    expect(failure(emptyPreview(stack))).toBe("");
  }, 400_000);

  it("has production's shape: no public registry, a limited API server, spot before on-demand", () => {
    const types = stack.resources().map(({ type }) => type.split(":").at(-1));
    expect(types).toEqual(expect.arrayContaining(["PrivateEndpoint", "DiagnosticSetting", "DataCollectionRule", "SpotPreference"]));
    const cluster = stack.resources().find(({ type }) => type.endsWith(":ManagedCluster"));
    const { authorizedIPRanges } = Object(cluster?.outputs?.["apiServerAccessProfile"]) as { readonly authorizedIPRanges: readonly string[] };
    // Beside the people's, the address that the nodes themselves come from.
    expect(authorizedIPRanges).toEqual(["203.0.113.0/24", expect.stringMatching(/^\d+\.\d+\.\d+\.\d+\/32$/)]);
  });

  it("is destroyed to nothing: it is made and deleted with each release", () => {
    expect(failure(destroy(stack))).toBe("");
    expect(stack.resources().map(({ urn }) => urn)).toEqual([]);
    expect(leftInAzure(sandbox)).toEqual([]);
  }, 300_000);
});
