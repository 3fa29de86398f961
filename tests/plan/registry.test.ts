import * as fc from "fast-check";
import { planRegistry, type RegistryDecisions, type RegistryInputs, type RegistryPlan } from "../../components/plan/registry";
import { messageOf, problemsOf } from "../support/refusal";

const INSIDE: RegistryInputs = { privateEndpoints: true };
const OPEN = { adminUserEnabled: false, anonymousPullEnabled: false, roleAssignmentMode: "AbacRepositoryPermissions" };

function plan(decisions: RegistryDecisions, inputs?: RegistryInputs): RegistryPlan {
  return planRegistry("adapters", "ai", "dev", decisions, inputs);
}

function problems(decisions: object, inputs?: RegistryInputs): string[] {
  return problemsOf(() => plan(decisions, inputs));
}

describe("planRegistry in development", () => {
  it("derives a name that tells stacks apart, and needs no network", () => {
    const { registryName, sku, properties, reach } = plan({ environment: "development" });
    expect(registryName).toMatch(/^adapters[a-f0-9]{8}$/);
    expect([sku, properties, reach]).toEqual(["Standard", OPEN, "everywhere"]);
    expect(planRegistry("adapters", "ai", "prod", { environment: "development" }).registryName).not.toBe(registryName);
  });

  it("keeps what was decided", () => {
    expect(plan({ environment: "development", registryName: "mlreg", sku: "Premium" })).toEqual({
      registryName: "mlreg",
      sku: "Premium",
      reach: "everywhere",
      properties: OPEN,
      replicas: [],
      zoneRedundant: undefined,
    });
  });

  it.each<[RegistryDecisions, RegistryInputs | undefined]>([
    [{}, INSIDE],
    [{ publicNetwork: false }, INSIDE],
    [{ allowedIpRanges: ["203.0.113.8"] }, undefined],
    [{ replicas: ["northeurope"] }, undefined],
    [{ untaggedRetentionDays: 7 }, undefined],
  ])("is Premium where %p with the network %p needs it", (decisions, inputs) => {
    expect(plan({ environment: "development", ...decisions }, inputs).sku).toBe("Premium");
  });
});

describe("planRegistry in production", () => {
  it("closes the registry to the Internet where a private endpoint leads to it", () => {
    expect(plan({ registryName: "mlreg" }, INSIDE)).toEqual({
      registryName: "mlreg",
      sku: "Premium",
      reach: "private",
      properties: {
        ...OPEN,
        zoneRedundancy: "Enabled",
        publicNetworkAccess: "Disabled",
        networkRuleSet: { defaultAction: "Deny", ipRules: [] },
        networkRuleBypassOptions: "AzureServices",
        networkRuleBypassAllowedForTasks: false,
        dataEndpointEnabled: true,
        policies: { retentionPolicy: { days: 30, status: "enabled" }, exportPolicy: { status: "disabled" } },
      },
      replicas: [],
      zoneRedundant: true,
    });
  });

  it("refuses one that nobody could reach, and says every way in", () => {
    const fix = "fix: give network: a Network with private endpoints, list addresses in allowedIpRanges, or set publicNetwork: true";
    expect(problems({})).toEqual([
      `AKSFT-REG-02 network: got nothing; a production registry does not answer on the Internet unless it is told to, and there is no private endpoint to reach it by; ${fix}`,
    ]);
    expect(problems({ environment: "development", publicNetwork: false })).toEqual([
      `AKSFT-REG-02 network: got nothing; it does not answer on the Internet, and there is no private endpoint to reach it by; ${fix}`,
    ]);
  });

  it("answers to listed addresses alone, without forbidding exports, which Azure then refuses", () => {
    const { reach, properties } = plan({ allowedIpRanges: ["203.0.113.8", "198.51.100.0/24"] });
    expect(reach).toBe("listed");
    expect(properties).toMatchObject({
      publicNetworkAccess: "Enabled",
      networkRuleSet: {
        defaultAction: "Deny",
        ipRules: [
          { action: "Allow", value: "203.0.113.8" },
          { action: "Allow", value: "198.51.100.0/24" },
        ],
      },
      policies: { retentionPolicy: { days: 30, status: "enabled" } },
    });
  });

  it("answers to everybody who asks for it, and may be Standard then", () => {
    expect(plan({ publicNetwork: true }).properties).toMatchObject({ publicNetworkAccess: "Enabled", networkRuleSet: { defaultAction: "Allow", ipRules: [] } });
    const { sku, properties, zoneRedundant } = plan({ publicNetwork: true, sku: "Standard" });
    expect([sku, properties, zoneRedundant]).toEqual(["Standard", OPEN, undefined]);
  });

  it("takes each default back one by one", () => {
    const decisions = { zoneRedundant: false, untaggedRetentionDays: 0, exportAllowed: true };
    expect(plan(decisions, INSIDE).properties).toMatchObject({ zoneRedundancy: "Disabled", policies: { exportPolicy: { status: "enabled" } } });
    expect(plan(decisions, INSIDE).properties["policies"]).not.toHaveProperty("retentionPolicy");
    expect(plan({ publicNetwork: true, untaggedRetentionDays: 0 }).properties).not.toHaveProperty("policies");
  });
});

describe("a registry is refused", () => {
  it("under a name that Azure would refuse", () => {
    expect(messageOf(() => plan({ environment: "development", registryName: "my-registry" }))).toBe(
      'Registry "adapters" cannot be deployed:\n' +
        '- AKSFT-NAME-01 registryName: got "my-registry"; needs 5 to 50 letters and digits, has 11 characters; ' +
        'fix: use for example "myregistry"',
    );
  });

  it.each([
    [{ sku: "Basic", environment: "development" }, undefined, '"Basic"; includes 10 GiB, less than one trainer image and its datasets, and is meant for trials; fix: use "Standard"'],
    [{ sku: "Basic", environment: "development" }, INSIDE, '"Basic"; a private endpoint needs Premium; fix: use "Premium"'],
    [{ sku: "Standard" }, INSIDE, '"Standard"; a private endpoint, public access switched off need Premium; fix: use "Premium", or set publicNetwork: true'],
    [{ sku: "Premum", environment: "development" }, undefined, '"Premum"; is none of Standard, Premium; fix: did you mean "Premium"?'],
  ])("as %p with the network %p", (decisions, inputs, rest) => {
    expect(problems(decisions, inputs)).toEqual([`AKSFT-REG-01 sku: got ${rest}`]);
  });

  it.each([
    ["adminUser", true, "remove it; pulledBy and pushedBy give roles to identities"],
    ["adminUserEnabled", true, "remove it; pulledBy and pushedBy give roles to identities"],
    ["anonymousPullEnabled", true, "remove it; pulledBy gives the nodes of a cluster the role to pull"],
    ["contentTrust", true, "remove it and sign images with Notation"],
    ["trustPolicy", { status: "enabled" }, "remove it and sign images with Notation"],
    ["quarantine", true, "remove it; Microsoft Defender for Containers scans without it"],
    ["softDelete", { status: "enabled", retentionDays: 7 }, "remove it; the trainer locks what it pushes, and opts.protect guards the registry"],
  ])("with %s", (key, value, fix) => {
    const [problem = "", ...others] = problems({ environment: "development", [key]: value });
    expect(problem).toMatch(new RegExp(`^AKSFT-REG-07 ${key}: got .+; .+; fix: `));
    expect(problem.endsWith(`; fix: ${fix}`)).toBe(true);
    expect(others).toEqual([]);
  });

  it.each([false, undefined, null, { status: "disabled" }])("but not for what is off: %p", (value) => {
    expect(plan({ environment: "development", ...{ adminUserEnabled: value, trustPolicy: value } }).sku).toBe("Standard");
  });

  it.each<[object, string]>([
    [
      { publicNetwork: false, allowedIpRanges: ["203.0.113.8"] },
      'AKSFT-REG-03 allowedIpRanges: got ["203.0.113.8"]; has no effect while publicNetwork is false; ' +
        "fix: remove one of the two; allowedIpRanges alone refuses every other address",
    ],
    [{ untaggedRetentionDays: 366 }, "AKSFT-REG-04 untaggedRetentionDays: got 366; must be a whole number from 0 to 365; fix: use 365"],
    [
      { exportAllowed: false },
      "AKSFT-REG-12 exportAllowed: got false; exports can be forbidden only where the registry does not answer on the Internet; " +
        "fix: remove it, or make the registry private with publicNetwork: false",
    ],
    [
      { pullPrefix: "datasets/" },
      'AKSFT-REG-13 pullPrefix: got "datasets/"; needs lower-case letters and digits in parts between slashes, with single ".", "_" or "-" ' +
        'inside them, at most 255 characters, has 9; fix: use for example "datasets"',
    ],
    [{ tags: { "a<b": "c" } }, "AKSFT-TAG-03 tags: got \"a<b\"; a tag's name has 1 to 512 characters and none of < > % & \\ ? /; fix: use for example \"cost-center\""],
  ])("for %p", (decisions, problem) => {
    expect(problems({ environment: "development", ...decisions })).toEqual([problem]);
  });

  it.each([
    ["203.0.113.300", "is not an IPv4 address, or a range whose address is its first"],
    ["203.0.113.1/24", "is not an IPv4 address, or a range whose address is its first"],
    ["0.0.0.0/0", "the whole Internet is not a restriction; publicNetwork: true says so"],
    ["10.0.0.0/24", "is not an address on the Internet, as 10.0.0.0/8 is private; private networks come in through a private endpoint"],
    ["192.168.1.1", "is not an address on the Internet, as 192.168.0.0/16 is private; private networks come in through a private endpoint"],
  ])("for the allowed range %p", (range, rule) => {
    expect(problems({ allowedIpRanges: ["203.0.113.8", range] })).toEqual([
      `AKSFT-REG-06 allowedIpRanges[1]: got "${range}"; ${rule}; fix: list the public addresses you come from, for example "203.0.113.8/32"`,
    ]);
  });

  it("for more ranges than Azure takes, and accepts as many as it takes", () => {
    const allowedIpRanges = Array.from({ length: 201 }, (_, index) => `203.0.113.${index}`);
    expect(problems({ allowedIpRanges })).toEqual([
      'AKSFT-REG-06 allowedIpRanges: got "201 ranges"; a registry takes at most 200; fix: remove 1, or join neighbours into larger ranges',
    ]);
    expect(plan({ allowedIpRanges: allowedIpRanges.slice(1) }).reach).toBe("listed");
  });

  it("for everything at once", () => {
    const inputs = { privateEndpoints: false, resourceGroupName: "ml.", pushPrefixes: { ci: "Data" } };
    expect(problems({ registryName: "ml", contentTrust: true, purge: { keep: 0 } }, inputs).map((line) => line.split(": got")[0])).toEqual([
      "AKSFT-NAME-01 registryName",
      "AKSFT-REG-02 network",
      "AKSFT-REG-08 purge.keep",
      "AKSFT-REG-11 purge.networkBypass",
      "AKSFT-REG-13 pushedBy.ci.prefix",
      "AKSFT-REG-07 contentTrust",
      "AKSFT-NAME-06 resourceGroupName",
    ]);
  });
});

describe("replicas", () => {
  it("are written as Azure writes regions", () => {
    expect(plan({ replicas: ["North Europe", "eastus2"] }, INSIDE).replicas).toEqual(["northeurope", "eastus2"]);
  });

  it.each([
    [["West Europe"], 'replicas[0]: got "West Europe"; is the registry\'s own region; fix: remove it; the registry itself is there'],
    [["eastus", "East US"], 'replicas[1]: got "East US"; repeats replicas[0]; fix: remove it'],
    [["north-europe"], 'replicas[0]: got "north-europe"; is not an Azure region; fix: use for example "northeurope"'],
  ])("are refused as %p", (replicas, rest) => {
    expect(problems({ replicas }, { ...INSIDE, location: "westeurope" })).toEqual([`AKSFT-REG-05 ${rest}`]);
  });
});

describe("a purge", () => {
  const task = (decisions: RegistryDecisions["purge"]): string =>
    Buffer.from(plan({ environment: "development", purge: decisions }).purge?.encodedTask ?? "", "base64").toString();

  it.each([
    [{}, "acr purge --filter '.*:.*' --ago 90d --keep 10"],
    [
      { olderThanDays: 30, keep: 3, filters: ["adapters/.*:.*", "datasets/.*:.*"], untagged: true, dryRun: true },
      "acr purge --filter 'adapters/.*:.*' --filter 'datasets/.*:.*' --ago 30d --keep 3 --untagged --dry-run",
    ],
  ])("of %p runs %p", (decisions, command) => {
    expect(task(decisions)).toBe(`version: v1.1.0\nsteps:\n  - cmd: ${command}\n    disableWorkingDirectoryOverride: true\n    timeout: 3600\n`);
  });

  it("never asks for locked manifests, whatever else is asked for", () => {
    const days = fc.integer({ min: 1, max: 3650 });
    fc.assert(
      fc.property(days, fc.boolean(), fc.boolean(), (olderThanDays, untagged, dryRun) => {
        expect(task({ olderThanDays, untagged, dryRun })).not.toContain("locked");
      }),
    );
  });

  it("goes through a closed network only where it says so", () => {
    expect(problems({ purge: {} }, INSIDE)).toEqual([
      "AKSFT-REG-11 purge.networkBypass: got false; tasks run outside the networks that reach this registry, and Azure lets none in unless the registry says so; " +
        "fix: set networkBypass: true, or remove purge and delete old tags from a machine inside the network",
    ]);
    const { properties, purge } = plan({ purge: { networkBypass: true, schedule: "0 1 1 * *" } }, INSIDE);
    expect(properties["networkRuleBypassAllowedForTasks"]).toBe(true);
    expect(purge?.schedule).toBe("0 1 1 * *");
    expect(plan({ publicNetwork: true, purge: {} }).properties["networkRuleBypassAllowedForTasks"]).toBe(false);
  });

  it.each([
    [{ olderThanDays: 0 }, "AKSFT-REG-08 purge.olderThanDays: got 0; must be a whole number from 1 to 3650; fix: use 1"],
    [{ keep: 1.5 }, "AKSFT-REG-08 purge.keep: got 1.5; must be a whole number from 1 to 1000; fix: use 2"],
    [{ filters: [] }, 'AKSFT-REG-09 purge.filters: got []; names no tag to delete; fix: use for example "adapters/.*:.*"'],
    [
      { filters: ["a:b' --include-locked 'c"] },
      "AKSFT-REG-09 purge.filters[0]: got \"a:b' --include-locked 'c\"; needs a regular expression for the repository, a colon and one for the tag, " +
        'without blanks and quotes; fix: use for example "adapters/.*:.*"',
    ],
    [
      { schedule: "daily" },
      'AKSFT-REG-10 purge.schedule: got "daily"; needs the five fields of a cron expression, minute to day of the week, has 1; fix: use for example "0 3 * * Sun"',
    ],
  ])("is refused for %p", (purge, problem) => {
    expect(problems({ environment: "development", purge })).toEqual([problem]);
  });
});
