import { readFileSync } from "node:fs";
import * as path from "node:path";
import type { Answer } from "../../../cli/command";
import type { AskingAzure } from "../../../cli/live/findings";
import type { Live } from "../../../cli/report/model/live";
import { report } from "../../../cli/report/report";
import { PATHS, READY, sku, usage } from "../../support/arm-answers";
import { type Composed, digestOf, eventsOf } from "../../support/composed-preview";
import { COMPOSED } from "../../support/composed-situations";
import { gpuPool } from "../../support/composed-pool";
import { type LoopbackArm, loopbackArm, refused, SUBSCRIPTION, TOKEN } from "../../support/loopback-arm";
import { markdownFaults } from "../../support/markdown-balance";

const [A100, A10] = ["Standard_NC24ads_A100_v4", "Standard_NV36ads_A10_v5"];
const POOL_SIZE = COMPOSED["pool-size"] ?? { steps: [] };
const SIGNED_IN = { ARM_ACCESS_TOKEN: TOKEN, ARM_SUBSCRIPTION_ID: SUBSCRIPTION };
const reviewed = (file: string): string => readFileSync(path.join(__dirname, "reviewed", file), "utf8");

let arm: LoopbackArm;
beforeEach(async () => {
  arm = await loopbackArm(READY);
});
afterEach(() => arm.stop());

// eslint-disable-next-line @typescript-eslint/require-await -- standard input comes in its own time
async function* input(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function run(composed: Composed, args: readonly string[] = ["--format", "github"], asking: Partial<AskingAzure> = {}): Promise<Answer> {
  const given = { environment: SIGNED_IN, wait: () => Promise.resolve(), ...asking };
  const answer = (await report(["--live", "--endpoint", arm.url, ...args], input(eventsOf(composed)), given)) as Answer;
  for (const part of TOKEN.split(".")) expect(answer.text).not.toContain(part);
  return answer;
}

/** What Azure said, as JSON has it. */
async function live(composed: Composed, asking?: Partial<AskingAzure>): Promise<Live> {
  return (JSON.parse((await run(composed, ["--format", "json"], asking)).text) as { readonly live: Live }).live;
}

function section({ text }: Answer): string {
  return /#### Quota\n\n([^]*?)\n\n(?:<details>|#### )/.exec(text)?.[1] ?? "";
}

function verdict({ text }: Answer): string {
  return text.split("#### ")[0] ?? "";
}

type Standing = readonly [used: number, limit: number];

/** Quotas in eastus: what of all three is used, of how much. */
function quotas({ total = [4, 400], spot = [0, 100], family = [0, 96] }: { readonly total?: Standing; readonly spot?: Standing; readonly family?: Standing }): void {
  arm.answer(PATHS.usages, {
    list: [usage("cores", "Total Regional vCPUs", ...total), usage("lowPriorityCores", "Total Regional Low-priority vCPUs", ...spot), usage("standardNCADSA100v4Family", "Standard NCADSA100v4 Family vCPUs", ...family)],
  });
}

const ENOUGH = `Azure says: enough quota is left, and every size is offered where it is wanted.

Limit, used and left are vCPUs as Azure counts them now; nodes of this stack that run are among the used. The region's total is for nodes without GPUs too, which are not counted here.

| Quota | Region | vCPUs at most | Limit | Used | Left |
|-|-|-:|-:|-:|-:|
| \`Standard NCADSA100v4 Family vCPUs\` | \`eastus\` | 0 → 96 | 96 | 0 | 96 |
| \`Standard NVADSA10v5 Family vCPUs\` | \`eastus\` | 144 → 0 |  |  |  |
| \`Total Regional Spot vCPUs\` | \`eastus\` | 96 | 100 | 0 | 100 |
| \`Total Regional vCPUs\` | \`eastus\` | 144 → 96 | 400 | 4 | 396 |`;

describe("a live report", () => {
  it("says that enough is left, and is the same as ever beside", async () => {
    const answer = await run(POOL_SIZE, ["--format", "github", "--budget-usd-per-hour", "15"]);
    expect(section(answer)).toBe(ENOUGH);
    const plain = reviewed("pool-size.md");
    expect(answer).toEqual({ text: plain.replace(section({ text: plain, code: 0 }), ENOUGH), code: 0 });
  });

  it("reads as it was reviewed where quota is short", async () => {
    quotas({ family: [72, 96], total: [340, 400] });
    for (const [format, file] of [["github", "pool-size.live.md"], ["text", "pool-size.live.txt"]] as const) {
      expect(await run(POOL_SIZE, ["--format", format, "--budget-usd-per-hour", "15"])).toEqual({ text: reviewed(file), code: 0 });
    }
  });

  it("counts what the stack can use itself, and says what is short for spot", async () => {
    quotas({ spot: [30, 60] });
    const answer = await run(POOL_SIZE);
    expect(verdict(answer)).toContain("> **Azure says: `Total Regional Low-priority vCPUs` in `eastus` is short by 36 vCPUs.**");
    expect(section(answer)).toContain("is short by 36 vCPUs.** At most 96 are for `tune`; 30 of 60 are left, and at most 30 of the used are this stack's own.\n");
    quotas({ spot: [30, 100] });
    expect(section(await run(POOL_SIZE))).toContain("`Total Regional Low-priority vCPUs` in `eastus` is enough only if 26 of the 30 used are this stack's own: at most 96 are for `tune`; 70 of 100 are left.\n");
  });

  it("says what is short only while old and new nodes stand together, and raises no alarm", async () => {
    const replaced: Composed = { steps: [gpuPool("tune", { location: "eastus" }, { op: "replace", old: { agentPoolName: "before" } })] };
    quotas({ family: [96, 150], total: [96, 400] });
    const answer = await run(replaced);
    expect(verdict(answer)).not.toContain("Azure says");
    expect(section(answer)).toContain("`Standard NCADSA100v4 Family vCPUs` in `eastus` may be short while pools are replaced: old and new nodes together are at most 192; 54 of 150 are left.\n");
    expect(section(answer)).toContain("| `Standard NCADSA100v4 Family vCPUs` | `eastus` | 96 | 192 | 150 | 96 | 54 |\n| `Total Regional vCPUs` | `eastus` | 96 | 192 | 400 | 96 | 304 |");
  });

  it("says that a region has no such quota", async () => {
    arm.answer(PATHS.usages, { list: [usage("cores", "Total Regional vCPUs", 0, 400), usage("lowPriorityCores", "Total Regional Spot vCPUs", 0, 96)] });
    const answer = await run(POOL_SIZE);
    expect(verdict(answer)).toContain("> **Azure says: `eastus` has no quota `Standard NCADSA100v4 Family vCPUs`.**");
    expect(section(answer)).toContain("**`eastus` has no quota `Standard NCADSA100v4 Family vCPUs`.** At most 96 vCPUs are for `serve`.\n");
    expect(section(answer)).toContain("| `Standard NCADSA100v4 Family vCPUs` | `eastus` | 0 → 96 | none |  |  |\n");
  });

  it.each([
    ["NotAvailableForSubscription", "it is closed to this subscription"],
    ["Else", "Else"],
    [undefined, "it is not sold there"],
  ])("says that a size is not offered: %s", async (closed, why) => {
    arm.answer(PATHS.skus, { list: closed === undefined ? [] : [sku(A100, { closed })] });
    const answer = await run({ steps: [gpuPool("tune", { location: "eastus", scaleSetPriority: "Spot" })] });
    expect(answer).toMatchObject({ code: 0, text: expect.stringMatching(/^> \[!WARNING\]$/m) });
    expect(verdict(answer)).toContain(`> **Azure says: \`${A100}\` is not offered in \`eastus\`.**\n`);
    expect(section(answer)).toContain(`**\`${A100}\` is not offered in \`eastus\`:** ${why}; wanted by \`tune\`.\n`);
  });

  it("says which zones are missing, of pools of the cluster and within it, and who wants them", async () => {
    const inline = { name: "inside", vmSize: A10, count: 1, availabilityZones: ["1"] };
    const type = "azure-native:containerservice:ManagedCluster";
    const cluster = { ...gpuPool("ai", {}), type, urn: `urn:pulumi:prod::support-bot::${type}::ai`, new: { location: "eastus", agentPoolProfiles: [inline] } };
    const answer = await run({ steps: [cluster, gpuPool("here", { availabilityZones: ["1"] }), gpuPool("tune", { availabilityZones: ["2", "4", "5"] })] });
    expect(verdict(answer)).toContain("> **Azure says: 2 sizes lack zones, 1 quota is short; see Quota.**\n");
    expect(section(answer)).toContain(`**\`${A100}\` is not offered in zones \`4\`, \`5\` of \`eastus\`.** It is in zones \`1\`, \`2\`, \`3\`; wanted by \`tune\`.\n`);
    expect(section(answer)).toContain(`**\`${A10}\` is not offered in zone \`1\` of \`eastus\`.** It is in no zone there; wanted by \`inside\`.\n`);
  });

  it("asks each region once, with one login", async () => {
    const calls: string[] = [];
    const az: AskingAzure["run"] = (name, args) => {
      calls.push([name, ...args].join(" "));
      return Promise.resolve({ code: 0, stdout: JSON.stringify({ accessToken: TOKEN, subscription: SUBSCRIPTION }), stderr: "" });
    };
    arm.answer(PATHS.usages.replace("eastus", "westeurope"), { list: [usage("StandardNCADSA100v4Family", "Standard NCADSA100v4 Family vCPUs", 0, 24), usage("cores", "Total Regional vCPUs", 0, 100)] });
    const steps = [gpuPool("a", { location: "eastus" }), gpuPool("b", { location: "West Europe" }), gpuPool("c", { location: "eastus", maxCount: 0 })];
    const answer = await run({ steps }, undefined, { environment: {}, run: az });
    expect(verdict(answer)).toContain("`Standard NCADSA100v4 Family vCPUs` in `westeurope` is short by 72 vCPUs.");
    expect(section(answer)).toContain("| `Standard NCADSA100v4 Family vCPUs` | `eastus` | 0 → 96 | 96 | 0 | 96 |\n| `Standard NCADSA100v4 Family vCPUs` | `westeurope` | 0 → 96 | 24 | 0 | 24 |\n");
    expect(calls).toEqual(["az account get-access-token --resource https://management.azure.com --output json"]);
    const asked = arm.requests.filter((request) => !request.includes("$skiptoken")).map((request) => /locations\/\w+|eq '\w+'/.exec(request)?.[0]);
    expect(asked.sort()).toEqual(["eq 'eastus'", "eq 'westeurope'", "locations/eastus", "locations/westeurope"]);
  });

  it("has what Azure said in JSON", async () => {
    quotas({ family: [72, 96] });
    const common = { region: "eastus", spot: false };
    expect(await live({ steps: [gpuPool("tune", { location: "eastus", availabilityZones: ["1"] })] })).toEqual({
      quota: [
        {
          ...{ ...common, family: "Standard NCADSA100v4 Family vCPUs", total: false, needs: ["Standard NCADSA100v4 Family vCPUs"], pools: ["tune"], sizes: [A100] },
          ...{ oldVcpus: 0, newVcpus: 96, duringVcpus: 96, limit: 96, used: 72, left: 24, ownVcpus: 0, missingVcpus: 72, verdict: "short" },
        },
        {
          ...{ ...common, family: "Total Regional vCPUs", total: true, needs: ["Standard NCADSA100v4 Family vCPUs"], pools: ["tune"], sizes: [A100] },
          ...{ oldVcpus: 0, newVcpus: 96, duringVcpus: 96, limit: 400, used: 4, left: 396, ownVcpus: 0, missingVcpus: 0, verdict: "enough" },
        },
      ],
      sizes: [{ size: A100, region: "eastus", pools: ["tune"], offered: true, zones: ["1", "2", "3"], missingZones: [] }],
      unasked: [],
    });
  });

  it("counts sizes of no catalogue as Azure does", async () => {
    const size = "Standard_ND999_X1000_v9";
    arm.answer(PATHS.skus, { list: [sku(size, { family: "standardX1000Family", vcpus: 999 })] });
    arm.answer(PATHS.usages, { list: [usage("standardX1000Family", "Standard X1000 Family vCPUs", 0, 5000), usage("cores", "Total Regional vCPUs", 0, 5000)] });
    const text = section(await run({ steps: [gpuPool("future", { location: "eastus", vmSize: size })] }));
    expect(text).not.toContain("in no catalogue");
    expect(text).toContain("| `Standard X1000 Family vCPUs` | `eastus` | 0 → 3996 | 5000 | 0 | 5000 |\n| `Total Regional vCPUs` | `eastus` | 0 → 3996 | 5000 | 0 | 5000 |");
    // Nodes that no catalogue counts may all be the stack's own.
    arm.answer(PATHS.usages, { list: [usage("standardX1000Family", "Standard X1000 Family vCPUs", 3996, 4000), usage("cores", "Total Regional vCPUs", 3996, 4000)] });
    const stays = gpuPool("future", { location: "eastus", vmSize: size }, { op: "update", old: {} });
    expect((await live({ steps: [stays] })).quota.map(({ verdict: each, ownVcpus }) => [each, ownVcpus])).toEqual([["depends", 3996], ["depends", 3996]]);
  });
});

describe("a live report without answers", () => {
  const PLAIN = reviewed("pool-size.md");
  const GITHUB = ["--format", "github", "--budget-usd-per-hour", "15"];
  const after = (line: string): string => PLAIN.replace("#### Quota\n\n", () => `#### Quota\n\n${line}\n\n`);

  it("is the plain one with one line where Azure refuses", async () => {
    const guid = "99999999-bbbb-cccc-dddd-eeeeeeeeeeee";
    for (const place of [PATHS.skus, PATHS.usages]) arm.answer(place, refused(403, "AuthorizationFailed", `The client '${guid}' has no right ${TOKEN}.`));
    const { text, code } = await run(POOL_SIZE, GITHUB);
    const line = /^Sizes and quota in `eastus` could not be asked: .*$/m.exec(text)?.[0] ?? "";
    expect(line).toMatch(/answered 403 AuthorizationFailed: The client '99999999…' has no right TOKEN\.$/);
    expect({ text, code }).toEqual({ text: after(line), code: 0 });
  });

  it("is the plain one with one line where nobody is signed in", async () => {
    const nobody = { environment: {}, run: () => Promise.resolve({ code: undefined, stdout: "", stderr: "" }) };
    const line = "Sizes and quota in `eastus` could not be asked: the Azure CLI is not installed, and nothing else signs in.";
    expect(await run(POOL_SIZE, GITHUB, nobody)).toEqual({ text: after(line), code: 0 });
    expect(arm.requests).toEqual([]);
  });

  it("says which half could not be asked, and the other half", async () => {
    arm.answer(PATHS.skus, { text: "<html>" });
    const text = section(await run(POOL_SIZE));
    expect(text).toMatch(/^Azure says: enough quota is left\.\n\nSizes in `eastus` could not be asked: .* answered a web page: is there a proxy that wants a login\?\n/);
  });

  it("asks ten regions at most, and none that is not known", async () => {
    const letters = [..."abcdefghijkl"];
    const told = await live({ steps: [...letters.map((letter) => gpuPool(letter, { location: `region${letter}` })), gpuPool("lost", {})] });
    expect(told.unasked.slice(-2)).toEqual([
      { what: ["sizes", "quota"], regions: ["regionk", "regionl"], why: "a report asks 10 regions at most" },
      { what: ["sizes", "quota"], regions: [], why: "the region of 1 pool is not known" },
    ]);
    expect(new Set(arm.requests.map((request) => /region\w/.exec(request)?.[0])).size).toBe(10);
  });

  it("asks nothing without pools, and keeps the exit code of what is no preview", async () => {
    const asked: string[] = [];
    const az: AskingAzure["run"] = (name) => Promise.resolve({ code: asked.push(name), stdout: "", stderr: "" });
    expect(await live(COMPOSED["failed"] ?? { steps: [] }, { environment: {}, run: az })).toEqual({ quota: [], sizes: [], unasked: [] });
    expect(await report(["--live"], input("error: no stack\n"), { environment: {}, run: az })).toMatchObject({ code: 1 });
    expect(asked).toEqual([]);
  });
});

describe("the subscription", () => {
  const OTHER = "99999999-2222-3333-4444-555555555555";
  const config = { "azure-native:subscriptionId": OTHER };

  it.each([
    ["that of --subscription first", ["--subscription", OTHER], SIGNED_IN, {}, OTHER],
    ["then the environment's", [], SIGNED_IN, config, SUBSCRIPTION],
    ["then the preview's", [], { ARM_ACCESS_TOKEN: TOKEN }, config, OTHER],
  ])("is %s", async (_, args, environment, configured, expected) => {
    await run({ ...POOL_SIZE, config: configured }, ["--format", "github", ...args], { environment });
    expect(new Set(arm.requests.map((request) => request.split("/")[2]))).toEqual(new Set([expected]));
  });
});

describe("what Azure answers", () => {
  const HOSTILE = `</details>\u001b[2J|\`@team\u202e<b> ${"x".repeat(400)}`;

  it.each([
    ["github", markdownFaults],
    ["azure-devops", markdownFaults],
    ["text", () => []],
  ])("is cleaned and bounded in %s", async (format, faults) => {
    arm.answer(PATHS.skus, { list: [sku(A100, { closed: HOSTILE }), sku(A10, { zones: [HOSTILE, "2"] })] });
    arm.answer(PATHS.usages, { list: [usage("cores", HOSTILE, 1e300, 1), usage("lowPriorityCores", HOSTILE, 0, -1)] });
    const steps = Array.from({ length: 60 }, (_, index) => gpuPool(`pool-${index}-${HOSTILE}`, { location: "eastus", vmSize: index % 2 === 0 ? A100 : A10, availabilityZones: [HOSTILE], scaleSetPriority: index % 3 === 0 ? "Spot" : "Regular" }));
    for (const most of [2000, 65_536]) {
      const { text } = await run({ steps }, ["--format", format, "--max-characters", String(most)]);
      expect(text.length).toBeLessThanOrEqual(most);
      expect(faults(text)).toEqual([]);
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]|x{100}/u);
      expect(text).toContain("Azure says: 1 size is not offered, 1 size lacks zones, 4 quotas are short; see Quota.");
    }
  });
});

describe("the command line", () => {
  it.each([
    [["--endpoint", "https://management.azure.com"], "--endpoint goes with --live"],
    [["--subscription", SUBSCRIPTION], "--subscription goes with --live"],
    [["--timeout-seconds", "3"], "--timeout-seconds goes with --live"],
    [["--live", "--timeout-seconds", "0"], "--timeout-seconds 0: is no positive number"],
    [["--live", "--endpoint", "http://management.azure.com"], "--endpoint: is no https address, for example https://management.azure.com"],
    [["--live", "--subscription", "ours"], "--subscription ours: is no id of a subscription; az account list --output table shows them"],
  ])("refuses %j", async (args, message) => {
    await expect(report(args, input(digestOf(POOL_SIZE)), { environment: {} })).rejects.toThrow(message);
  });
});
