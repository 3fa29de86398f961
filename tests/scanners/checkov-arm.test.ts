import { stackProgram } from "../support/programs";
import { SLOPPY, STRICT } from "./arm-controls";
import { type ArmTemplate, armTemplate } from "./arm-template";
import { type Checkov, checkov } from "./checkov";
import { outcomes, waivedFor } from "./waivers";

/** Every check of Checkov's ARM framework on Microsoft.ContainerService and Microsoft.ContainerRegistry, by what it asks for. */
const CHECKS = {
  CKV_AZURE_4: "logs go to Azure Monitor",
  CKV_AZURE_5: "Kubernetes roles are on",
  CKV_AZURE_6: "the API server is limited to ranges",
  CKV_AZURE_7: "network policies are enforced",
  CKV_AZURE_8: "the dashboard is off",
  CKV_AZURE_137: "no registry has an admin user",
  CKV_AZURE_138: "no registry is pulled from anonymously",
  CKV_AZURE_139: "no registry is open to the Internet",
  CKV_AZURE_141: "no local accounts",
  CKV_AZURE_163: "registries are of a tier that is scanned",
  CKV_AZURE_166: "images are quarantined",
  CKV_AZURE_168: "50 pods a node or more",
  CKV_AZURE_169: "nodes are scale sets",
  CKV_AZURE_171: "an upgrade channel is chosen",
  CKV_AZURE_172: "secrets of the vault rotate",
  CKV_AZURE_226: "ephemeral operating system disks",
  CKV_AZURE_227: "encryption at the host",
  CKV_AZURE_233: "registries are zone-redundant",
} as const;
const NAMES = Object.keys(CHECKS);

/** Stacks to judge, and how many of the checks each must pass whatever is waived. A new stack is a new row. */
const STACKS: readonly { readonly stack: string; readonly least: number }[] = [
  { stack: "dev", least: 11 },
  { stack: "staging", least: 14 },
  { stack: "prod", least: 16 },
];

// A scan takes seconds, and on a busy machine more; so does the whole program that it scans.
jest.setTimeout(180_000);

let scanner: Checkov;
beforeAll(async () => {
  scanner = await checkov();
}, 900_000);

const judged = (template: ArmTemplate) => outcomes(NAMES, scanner.scan("arm", JSON.stringify(template)));

describe("Checkov's checks of clusters and registries", () => {
  it.each(STACKS)("pass on the $stack stack but for those that are waived, and no waiver is idle", async ({ stack, least }) => {
    const { passed, missed } = judged(armTemplate(await stackProgram(stack)()));
    expect(missed).toEqual(waivedFor(stack, NAMES));
    expect(passed.length).toBeGreaterThanOrEqual(least);
  });

  it("all fail on a template that has every fault", () => {
    expect(judged(SLOPPY)).toEqual({ passed: [], missed: NAMES });
  });

  it("all pass on a template that has none", () => {
    expect(judged(STRICT)).toEqual({ passed: NAMES, missed: [] });
  });
});
