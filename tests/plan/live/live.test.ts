import { GPU_SIZES, GPU_SIZE_NAMES } from "../../../components/plan/catalogue/gpu-sizes";
import { keysAt, listAt, numberAt, textAt, textsAt } from "../../../components/plan/live/json";
import { quotaFindings } from "../../../components/plan/live/quota";
import { allows, assignmentsIn, holdsFor } from "../../../components/plan/live/roles";
import { offeredSizes, sizeFindings } from "../../../components/plan/live/sizes";
import { offeredVersions } from "../../../components/plan/live/versions";
import { assignment, sku, usage, versions } from "../../support/arm-answers";

const NONE: ReturnType<typeof offeredSizes> = new Map();

describe("documents of others", () => {
  it.each([undefined, null, 7, "text", [], [1], {}, { a: null }, { a: 7 }, { a: [7] }, { a: { c: 1 } }])("hold nothing where %j has nothing", (document) => {
    expect([textAt(document, "a", "b"), numberAt(document, "a", "b"), listAt(document, "a", "b"), textsAt(document, "a", "b"), keysAt(document, "a", "b")]).toEqual([undefined, undefined, [], [], []]);
  });

  it("hold texts, numbers, lists and objects", () => {
    const document = { a: { text: "x", empty: "", number: 4, written: "24", none: "four", list: ["1", 2, "3"], object: { k: 1 } } };
    expect([textAt(document, "a", "text"), textAt(document, "a", "empty"), numberAt(document, "a", "number"), numberAt(document, "a", "written"), numberAt(document, "a", "none")]).toEqual(["x", undefined, 4, 24, undefined]);
    expect([listAt(document, "a", "list"), textsAt(document, "a", "list"), keysAt(document, "a", "object"), keysAt(document, "a", "list")]).toEqual([["1", 2, "3"], ["1", "3"], ["k"], []]);
    expect(textAt(document, "constructor", "name")).toBeUndefined();
  });
});

describe("quota", () => {
  const pool = (name: string, size: string, priority: "Regular" | "Spot", nodes: number) => ({ name, size, priority, nodes });

  it("adds up pools of a family, spot and the region's total apart", () => {
    const pools = [pool("a", "Standard_NC4as_T4_v3", "Regular", 3), pool("b", "Standard_NC16as_T4_v3", "Regular", 1), pool("a", "Standard_NC4as_T4_v3", "Spot", 2), pool("c", "Standard_D4ds_v5", "Regular", 2)];
    const usages = [
      usage("Cores", "Total Regional vCPUs", 90, 100),
      usage("standardNCASv3T4Family", "Standard NCASv3_T4 Family vCPUs", 8, 40),
      usage("lowPriorityCores", "Total Regional Spot vCPUs", 5, 3),
      { name: {}, limit: 1, currentValue: 1 },
    ];
    const offered = offeredSizes([sku("standard_d4DS_v5")], "eastus");
    expect(quotaFindings(pools, usages, offered)).toEqual({
      uncounted: [],
      quota: [
        { family: "Standard NCASv3_T4 Family vCPUs", name: "standardNCASv3T4Family", spot: false, pools: ["a", "b"], needed: 28, limit: 40, used: 8, left: 32 },
        { family: "Total Regional Spot vCPUs", name: "lowPriorityCores", spot: true, pools: ["a"], needed: 8, limit: 3, used: 5, left: 0 },
        { family: "standardDDSv5Family", name: "standardDDSv5Family", spot: false, pools: ["c"], needed: 8 },
        { family: "Total Regional vCPUs", name: "Cores", spot: false, pools: ["a", "b", "c"], needed: 36, limit: 100, used: 90, left: 10 },
      ],
    });
  });

  it.each(GPU_SIZE_NAMES)("of %s is found under the catalogue's name, as Azure shows it and as its interfaces name it", (size) => {
    const shown = GPU_SIZES[size].quotaFamily;
    for (const value of [shown, shown.replace(/ vCPUs$/, "").replaceAll(" ", "")]) {
      const { quota } = quotaFindings([pool("p", size, "Regular", 1)], [usage(value, "in another language", 0, 7)], NONE);
      expect(quota[0]).toMatchObject({ name: value, needed: GPU_SIZES[size].vcpus, left: 7 });
    }
  });

  it("counts no size that nobody knows", () => {
    expect(quotaFindings([pool("a", "Standard_X1", "Regular", 1)], [], NONE)).toEqual({ quota: [], uncounted: ["Standard_X1"] });
  });
});

describe("sizes", () => {
  it("are offered in the zones that are not closed, of the region alone", () => {
    const offered = offeredSizes([sku("Standard_A", { zones: ["2", "1"], closedZones: ["1"] }), sku("Standard_B", { location: "westus" }), sku("Standard_C", { closed: "QuotaId" })], "eastus");
    const finding = (size: string, zones: readonly string[] = []) => sizeFindings([{ name: "p", size, priority: "Regular", nodes: 1, zones }], offered)[0];
    expect(finding("Standard_A", ["1", "2"])).toMatchObject({ offered: true, zones: ["2"], missingZones: ["1"] });
    expect(finding("Standard_B", ["1"])).toMatchObject({ offered: true, zones: [], missingZones: ["1"] });
    expect(finding("Standard_C", ["1"])).toMatchObject({ offered: false, restriction: "QuotaId", zones: [], missingZones: ["1"] });
    expect(finding("Standard_D")).toEqual({ size: "Standard_D", pools: ["p"], offered: false, restriction: undefined, zones: [], missingZones: [] });
  });
});

describe("roles", () => {
  const ID = "11111111-2222-3333-4444-555555555555";
  const role = (actions: readonly string[], notActions: readonly string[] = []) => ({ properties: { permissions: [{ actions, notActions }] } });
  const WRITE = "Microsoft.Authorization/roleAssignments/write";

  it.each([
    [["*"], [], true],
    [["*"], ["Microsoft.Authorization/*/Write"], false],
    [["microsoft.authorization/roleassignments/*"], [], true],
    [["*/read"], [], false],
    [["Microsoft.Authorization/roleAssignments/writeX"], [], false],
    [["MicrosoftXAuthorization/roleAssignments/write"], [], false],
    [[], [], false],
  ])("with %j but not %j allow to assign roles: %s", (actions, notActions, allowed) => {
    expect(allows(role(actions, notActions), WRITE)).toBe(allowed);
  });

  it("allow what one permission excludes and another gives", () => {
    expect(allows({ properties: { permissions: [...role(["*"], ["*"]).properties.permissions, ...role([WRITE]).properties.permissions] } }, WRITE)).toBe(true);
  });

  it.each([
    ["/", true],
    ["", true],
    [`/subscriptions/${ID.toUpperCase()}/`, true],
    ["/providers/Microsoft.Management/managementGroups/all", true],
    [`/subscriptions/${ID}/resourceGroups/one`, false],
    ["/subscriptions/other", false],
  ])("at %s hold for the subscription: %s", (scope, holds) => {
    expect(holdsFor(ID, scope)).toBe(holds);
  });

  it("are read with their conditions", () => {
    expect(assignmentsIn([assignment("Owner", "/"), assignment("Owner", "/", "@Request"), { properties: { scope: "/" } }, 7]).map(({ scope, conditional }) => [scope, conditional])).toEqual([["/", false], ["/", true]]);
  });
});

describe("versions", () => {
  it("are sorted as numbers, previews marked", () => {
    expect(offeredVersions(versions(["1.37", "1.37.0"], ["1.9", "1.9.10", "1.9.2"]).document)).toEqual([
      { minor: "1.9", preview: false, patches: ["1.9.2", "1.9.10"] },
      { minor: "1.37", preview: true, patches: ["1.37.0"] },
    ]);
    expect(offeredVersions({ values: [{}, null, { version: "1.36", isPreview: "yes" }] })).toEqual([{ minor: "1.36", preview: false, patches: [] }]);
  });
});
