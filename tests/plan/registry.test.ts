import { planRegistry } from "../../components/plan/registry";
import { messageOf } from "../support/refusal";

describe("planRegistry", () => {
  it("derives a name that tells stacks apart", () => {
    const { registryName, sku } = planRegistry("adapters", "ai", "dev", {});
    expect(registryName).toMatch(/^adapters[a-f0-9]{8}$/);
    expect(sku).toBe("Standard");
    expect(planRegistry("adapters", "ai", "prod", {}).registryName).not.toBe(registryName);
  });

  it("keeps what was decided", () => {
    expect(planRegistry("adapters", "ai", "dev", { registryName: "mlreg", sku: "Premium" })).toEqual({ registryName: "mlreg", sku: "Premium" });
  });

  it("refuses a name that Azure would refuse", () => {
    expect(messageOf(() => planRegistry("adapters", "ai", "dev", { registryName: "my-registry" }))).toBe(
      'Registry "adapters" cannot be deployed:\n' +
        '- AKSFT-NAME-01 registryName: got "my-registry"; needs 5 to 50 letters and digits, has 11 characters; ' +
        'fix: use for example "myregistry"',
    );
  });
});
