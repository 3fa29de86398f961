import { planUpgrades, type UpgradeDecisions, upgradeProblems } from "../../../components/plan/cluster/upgrades";
import { describe as line } from "../../../components/plan/refuse";

const problems = (decisions: UpgradeDecisions): string[] => upgradeProblems(decisions).map(line);

describe("planUpgrades", () => {
  it.each([
    ["rapid", true],
    ["stable", true],
    ["patch", true],
    ["node-image", false],
    ["none", false],
  ] as const)("knows whether channel %s moves the version: %p", (channel, movesVersion) => {
    expect(planUpgrades("production", { channel }).movesVersion).toBe(movesVersion);
  });

  it("has a window for each channel that keeps to one", () => {
    const suffixes = (decisions: UpgradeDecisions) => planUpgrades("production", decisions).windows.map(({ suffix }) => suffix);
    expect(suffixes({})).toEqual(["upgrades", "node-images"]);
    expect(suffixes({ channel: "none" })).toEqual(["node-images"]);
    expect(suffixes({ nodeOsChannel: "None" })).toEqual(["upgrades"]);
    expect(suffixes({ nodeOsChannel: "Unmanaged" })).toEqual(["upgrades"]);
    expect(suffixes({ nodeOsChannel: "SecurityPatch", channel: "none" })).toEqual(["node-images"]);
    expect(suffixes({ channel: "none", nodeOsChannel: "None" })).toEqual([]);
  });

  it("updates nodes in the cluster's window unless they have their own", () => {
    const window = { dayOfWeek: "Saturday", startTime: "22:30", utcOffset: "-05:00", durationHours: 8 } as const;
    expect(planUpgrades("development", { window }).windows).toEqual([
      { suffix: "upgrades", configName: "aksManagedAutoUpgradeSchedule", ...window },
      { suffix: "node-images", configName: "aksManagedNodeOSUpgradeSchedule", ...window },
    ]);
    const [, nodes] = planUpgrades("development", { window, nodeOsWindow: { dayOfWeek: "Monday" } }).windows;
    expect(nodes).toMatchObject({ dayOfWeek: "Monday", startTime: "01:00", utcOffset: "+00:00", durationHours: 4 });
  });
});

describe("upgradeProblems", () => {
  it.each([[3, 4], [25, 24], [4.5, 5]])("refuses %p hours and proposes %p", (durationHours, proposed) => {
    expect(problems({ nodeOsWindow: { durationHours } })).toEqual([
      `AKSFT-CLUSTER-09 upgrades.nodeOsWindow.durationHours: got ${durationHours}; must be a whole number from 4 to 24; fix: use ${proposed}`,
    ]);
    expect(problems({ nodeOsWindow: { durationHours: proposed } })).toEqual([]);
  });

  it.each(["24:00", "1:00", "01:60", "noon"])("refuses to start at %p", (startTime) => {
    expect(problems({ window: { startTime } })).toEqual([
      `AKSFT-CLUSTER-09 upgrades.window.startTime: got "${startTime}"; needs hours and minutes from 00:00 to 23:59; fix: use for example "01:00"`,
    ]);
  });

  it.each(["00:00", "23:59"])("accepts to start at %p", (startTime) => {
    expect(problems({ window: { startTime } })).toEqual([]);
  });

  it.each(["UTC", "1:00", "+15:00"])("refuses the offset %p", (utcOffset) => {
    expect(problems({ window: { utcOffset } })).toEqual([
      `AKSFT-CLUSTER-09 upgrades.window.utcOffset: got "${utcOffset}"; needs a sign, hours and minutes; fix: use for example "+01:00"`,
    ]);
  });

  it("refuses words that are none, and says which one was meant", () => {
    const words: Record<string, string> = { channel: "stabel", nodeOsChannel: "nodeimage" };
    expect(problems({ ...words, window: { dayOfWeek: "sonntag" as "Sunday" } })).toEqual([
      'AKSFT-CLUSTER-08 upgrades.channel: got "stabel"; must be one of rapid, stable, patch, node-image, none; fix: did you mean "stable"?',
      'AKSFT-CLUSTER-08 upgrades.nodeOsChannel: got "nodeimage"; must be one of NodeImage, SecurityPatch, Unmanaged, None; fix: did you mean "NodeImage"?',
      'AKSFT-CLUSTER-09 upgrades.window.dayOfWeek: got "sonntag"; must be one of Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday; ' +
        "fix: use one of Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday",
    ]);
  });

  it("refuses a cluster channel that would update node images where they are not to be", () => {
    expect(problems({ channel: "node-image", nodeOsChannel: "SecurityPatch" })).toEqual([
      'AKSFT-CLUSTER-08 upgrades.nodeOsChannel: got "SecurityPatch"; channel "node-image" updates node images itself and needs nodeOsChannel "NodeImage"; ' +
        'fix: use "NodeImage", or channel "none"',
    ]);
    expect(problems({ channel: "node-image" })).toEqual([]);
  });
});
