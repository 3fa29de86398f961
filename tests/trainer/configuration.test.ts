import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { type KaitoTuningDecisions, planKaitoTuning } from "../../components/plan/kaito/tuning";
import { kaitoKeeperConfiguration } from "../../components/plan/manifests/kaito-keeper";
import { trainerConfiguration } from "../../components/plan/manifests/trainer-configuration";
import { planTuningRun, type TuningRunDecisions } from "../../components/plan/tuning-run";
import { DATASET, TRAINER } from "../support/expected-tuning-run";
import { KAITO_DECISIONS } from "../support/kaito-tuning";
import { DATASET_KEY, TINY_RECIPE } from "../support/tiny-recipe";

const REGISTRY = "mlreg.azurecr.io";
const IMAGES = { registry: REGISTRY, trainerImage: TRAINER, datasetImage: DATASET };
const POOL: TuningRunDecisions["pool"] = { size: "Standard_NC4as_T4_v3", priority: "Spot", kubernetesVersion: "1.36", osSku: "Ubuntu2404" };
const COUNTED = { contentKey: DATASET_KEY, rows: 120 };
const UNCOUNTED = { contentKey: DATASET_KEY };

function trainer(changes: Partial<TuningRunDecisions>): unknown {
  return trainerConfiguration(planTuningRun("tickets", { recipe: TINY_RECIPE, namespace: "support", dataset: COUNTED, pool: POOL, ...changes }), IMAGES);
}

function keeper(changes: Partial<KaitoTuningDecisions>): unknown {
  const inputs = { ...IMAGES, adapterImage: `${REGISTRY}/support/tickets:1`, serviceAccountName: "tuning", pushSecret: "tickets-push" };
  return kaitoKeeperConfiguration(planKaitoTuning("tickets", { ...KAITO_DECISIONS, ...changes }), inputs);
}

/** Reads the configuration as a pod would, with the parser that is in the image. */
function read(module: string, parser: string, configuration: unknown): string {
  const program = `import json, sys\nfrom trainer.${module} import ${parser}\nprint(${parser}(json.load(sys.stdin)).runId)`;
  const { stdout, stderr } = spawnSync("python3", ["-c", program], {
    cwd: path.resolve("images", "trainer"),
    encoding: "utf8",
    input: JSON.stringify(configuration),
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
  });
  return `${stdout}${stderr}`.trim();
}

describe("what the plan renders, the image reads", () => {
  const runId = expect.stringMatching(/^[a-z0-9]{10}$/) as unknown;

  it.each<[string, Partial<TuningRunDecisions>]>([
    ["as usual", {}],
    ["with rows that nobody has counted", { dataset: UNCOUNTED }],
    ["on a size whose price nobody knows", { pool: { ...POOL, size: "Standard_NC40ads_H100_v5" } }],
  ])("a run of the trainer's %s", (_, changes) => {
    expect(read("configuration", "parse_configuration", trainer(changes))).toEqual(runId);
  });

  it.each<[string, Partial<KaitoTuningDecisions>]>([
    ["as usual", {}],
    ["with rows that nobody has counted", { dataset: { ...UNCOUNTED, image: DATASET } }],
  ])("a run of KAITO's %s", (_, changes) => {
    expect(read("keeper_configuration", "parse_keeper_configuration", keeper(changes))).toEqual(runId);
  });

  it("says what is wrong with what it cannot read", () => {
    expect(read("configuration", "parse_configuration", { schema: 1 })).toContain("runId is missing");
  });
});
