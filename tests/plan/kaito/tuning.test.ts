import { tunablePreset } from "../../../components/plan/catalogue/kaito-presets";
import { kaitoFacts } from "../../../components/plan/catalogue/kaito-versions";
import type { KubernetesVersion, Recipe } from "../../../components";
import { type KaitoTuningDecisions, planKaitoTuning } from "../../../components/plan/kaito/tuning";
import { datasetImageProblems } from "../../../components/plan/kaito/tuning/inputs";
import { problemsOf as planProblems } from "../../../components/plan/refuse";
import { ADMITTED_THEN_FAILS } from "../../support/kaito-admitted-then-fails";
import { isTooLarge, planOf, TUNING_CASES } from "../../support/kaito/tuning-cases";
import { KAITO_DECISIONS, KAITO_RECIPE, OWN_POOL } from "../../support/kaito-tuning";
import { COMPLETE_PROBLEM, problemsOf } from "../../support/refusal";
import { byDigest, DATASET_KEY } from "../../support/tiny-recipe";

const plan = (changes: Partial<KaitoTuningDecisions> = {}, name = "tickets") => planKaitoTuning(name, { ...KAITO_DECISIONS, ...changes });
const recipe = (changes: Partial<Recipe>): Partial<KaitoTuningDecisions> => ({ recipe: { ...KAITO_RECIPE, ...changes } });
const onPool = (changes: Partial<NonNullable<KaitoTuningDecisions["pool"]>> = {}): Partial<KaitoTuningDecisions> => ({ size: undefined, pool: { ...OWN_POOL, ...changes } });
const of06: Partial<KaitoTuningDecisions> = {
  kaito: { version: "0.6", nodeProvisioner: "azure-gpu-provisioner" },
  datasets: { repository: "datasets/tickets" },
};
/** Code and path of every problem; none when there is none. */
const codes = (work: () => unknown) => planProblems(work).map(({ code, path }) => `${code} ${path}`);
const problemsWith = (changes: Partial<KaitoTuningDecisions>) => codes(() => plan(changes));

describe("planKaitoTuning", () => {
  it("decides everything about a run", () => {
    const { sizing, trainingConfig, ...rest } = plan();
    expect(rest).toEqual({
      name: "tickets",
      namespace: "support",
      runId: "4d2073d5e8",
      keeperName: "tickets-4d2073d5e8",
      recipe: expect.objectContaining({ loss: "all", globalBatch: 16, epochs: 3 }),
      preset: "phi-4-mini-instruct",
      kaitoVersion: "0.12",
      workspaceApi: "kaito.sh/v1beta1",
      size: "Standard_NC24ads_A100_v4",
      nodesBy: "KAITO",
      matchLabels: { "aks-fine-tuning.dev/workspace": "support.tickets" },
      datasetKey: DATASET_KEY,
      rows: 120,
      input: { kind: "mounted" },
      adapterRepository: "support/tickets",
      maximumPaidHours: 24,
      deadlineHours: 48,
      secretHours: 50,
      nodes: expect.stringMatching(/^KAITO 0\.12 takes 1 node for every tuning run and reckons no memory; this estimate takes 1 of Standard_NC24ads_A100_v4, for \d+\.\d GiB of its GPU$/),
      notice: undefined,
    });
    expect(trainingConfig.name).toMatch(/^tickets-training-[0-9a-f]{10}$/);
    expect(sizing.reason).toMatch(/^Standard_NC24ads_A100_v4 \(1 × A100/);
  });

  it("is the run that engine job would make of the same recipe and rows: size, provisioner and version are lineage", () => {
    const others: Partial<KaitoTuningDecisions>[] = [
      { size: "Standard_NC40ads_H100_v5" }, onPool(), { kaito: { version: "main", nodeProvisioner: "karpenter" }, datasets: { repository: "datasets/tickets" } }, { maximumPaidHours: 2 },
    ];
    for (const changes of others) expect(plan(changes).runId).toBe(plan().runId);
    expect(plan(recipe({ seed: 1 })).runId).not.toBe(plan().runId);
    expect(plan({ dataset: { ...KAITO_DECISIONS.dataset, contentKey: "fedcba9876543210" } }).runId).not.toBe(plan().runId);
  });

  it("selects a pool's nodes by its own labels, without those that KAITO keeps to itself", () => {
    const { nodesBy, matchLabels } = plan(onPool({ nodeSelector: { ...OWN_POOL.labels, "karpenter.kaito.sh/inferenceset": "x" }, labels: undefined }));
    expect([nodesBy, matchLabels]).toEqual(["pool", { "aks-fine-tuning.dev/pool": "a100" }]);
  });

  it("leaves 24 hours over those that are paid, and secrets 2 hours over those", () => {
    expect([plan({ maximumPaidHours: 1.5 }).deadlineHours, plan({ maximumPaidHours: 1.5 }).secretHours]).toEqual([25.5, 28]);
    expect([plan({ deadlineHours: 30 }).deadlineHours, plan({ deadlineHours: 30 }).secretHours]).toEqual([30, 32]);
  });

  it.each<[number, boolean]>([[24, false], [24.01, true], [744, true], [745, false], [Number.NaN, false]])("takes a deadline of %p hours: %p", (deadlineHours, taken) => {
    expect(codes(() => plan({ deadlineHours }))).toEqual(taken ? [] : ["AKSFT-KAITO-37 deadlineHours"]);
  });

  it("tells of presets that leave, by version, and of the ones that stay to none", () => {
    expect(plan(recipe({ model: "Phi-3-mini-4k-instruct" })).notice).toBe(
      "KAITO 0.12 is the last that tunes phi-3-mini-4k-instruct (kaito-project/kaito#2356, #1977): pin its version, or move to phi-4 and phi-4-mini-instruct",
    );
    expect(plan({ ...of06, ...recipe({ model: "phi-2" }) }).notice).toMatch(/^KAITO 0\.6 is the last that tunes phi-2 /);
    expect(plan({ ...of06 }).notice).toBeUndefined();
    expect(plan(recipe({ model: "phi-4" })).notice).toBeUndefined();
  });

  it("always has qlora compute its activations again, and lora of the add-on never", () => {
    const checkpointing = (changes: Partial<KaitoTuningDecisions>) => plan(changes).sizing.shape.checkpointing;
    expect(checkpointing(recipe({ method: "qlora", sequenceLength: 128 }))).toBe("full");
    expect(checkpointing({ ...of06, ...recipe({ method: "qlora" }) })).toBe("full");
    expect(checkpointing({ ...of06, ...recipe({ method: "lora" }) })).toBe("none");
    expect(codes(() => plan({ ...of06, ...recipe({ model: "phi-4" }), size: "Standard_NV36ads_A10_v5" }))).toEqual(["AKSFT-KAITO-23 size"]);
  });
});

describe("every tunable preset", () => {
  it.each(TUNING_CASES.filter((each) => !isTooLarge(each)))("$preset is tuned by $method with KAITO $version", (each) => {
    expect(planOf(each)).toMatchObject({ preset: each.preset, recipe: { method: each.method }, kaitoVersion: each.version });
    expect(tunablePreset(each.preset)).toBeDefined();
  });

  it.each(TUNING_CASES.filter(isTooLarge))("$preset is too large for $method with KAITO $version", (each) => {
    expect(codes(() => planOf(each))).toEqual(["AKSFT-KAITO-23 size"]);
  });
});

describe("what KAITO admits and then fails at", () => {
  it("has at least twelve cases, each with a title of its own", () => {
    expect(ADMITTED_THEN_FAILS.length).toBeGreaterThanOrEqual(12);
    expect(new Set(ADMITTED_THEN_FAILS.map(({ title }) => title)).size).toBe(ADMITTED_THEN_FAILS.length);
  });

  it.each(ADMITTED_THEN_FAILS)("$title is refused by $refused", ({ changes, refused }) => {
    const problems = problemsOf(() => plan(changes));
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([refused]);
    expect(problems[0]).toMatch(COMPLETE_PROBLEM);
  });
});

describe("refusals of a run of KAITO's", () => {
  it("are listed all at once", () => {
    const bad: Partial<KaitoTuningDecisions> = {
      recipe: { model: "Llama-3.1-8B-Instruct", method: "dora", sequenceLength: 1024, epochs: 0, kbitPreparation: true },
      kaito: { version: "0.6", nodeProvisioner: "karpenter" },
      size: "Standard_NV72ads_A10_v5",
      team: { namespace: "support", podSecurity: "restricted" },
      maximumPaidHours: 0,
    };
    expect(codes(() => plan(bad, "Tickets"))).toEqual([
      "AKSFT-TUNE-05 recipe.epochs",
      "AKSFT-KAITO-11 recipe.model",
      "AKSFT-KAITO-14 recipe.method",
      "AKSFT-KAITO-16 recipe.loss",
      "AKSFT-KAITO-24 kaito.nodeProvisioner",
      "AKSFT-KAITO-21 size",
      "AKSFT-KAITO-34 team.podSecurity",
      "AKSFT-KAITO-35 datasets",
      "AKSFT-NAME-04 name",
      "AKSFT-TUNE-12 maximumPaidHours",
    ]);
  });

  it.each<[string, Partial<KaitoTuningDecisions>, string]>([
    [
      "an untunable preset",
      recipe({ model: "Qwen3-8B" }),
      'AKSFT-KAITO-10 recipe.model: got "Qwen3-8B"; is none of the 9 presets that KAITO 0.12 tunes: phi-4, phi-4-mini-instruct, phi-3-mini-4k-instruct, phi-3-mini-128k-instruct, ' +
        'phi-3-medium-4k-instruct, phi-3-medium-128k-instruct, phi-3.5-mini-instruct, qwen2.5-coder-7b-instruct, qwen2.5-coder-32b-instruct; fix: use one of these, or engine "job"',
    ],
    [
      "a preset that main no longer has",
      { ...recipe({ model: "Phi-3.5-mini-instruct" }), kaito: { version: "main", nodeProvisioner: "azure-gpu-provisioner" } },
      'AKSFT-KAITO-10 recipe.model: got "Phi-3.5-mini-instruct"; is none of the 2 presets that KAITO main tunes: phi-4, phi-4-mini-instruct; fix: use one of these, or engine "job"',
    ],
    ["full tuning", recipe({ method: "full" }), 'AKSFT-KAITO-14 recipe.method: got "full"; is none of the methods of KAITO: lora, qlora; fix: use "lora"'],
    [
      "a loss by default",
      recipe({ loss: undefined }),
      'AKSFT-KAITO-16 recipe.loss: got nothing; cannot be had of KAITO, whose loss counts the tokens of all turns; the default is "assistant"; fix: use "all", or engine "job"',
    ],
    [
      "two GPUs",
      { size: "Standard_NC48ads_A100_v4" },
      'AKSFT-KAITO-21 size: got "Standard_NC48ads_A100_v4"; has 2 GPUs, and every one of KAITO\'s 2 processes writes the adapter to the same place, which may be pushed half written; ' +
        "fix: use one of Standard_NV36ads_A10_v5, Standard_NC24ads_A100_v4, Standard_NC40ads_H100_v5, Standard_NCC40ads_H100_v5",
    ],
    [
      "a T4 of the add-on's table",
      { ...of06, size: "Standard_NC4as_T4_v3" },
      'AKSFT-KAITO-22 size: got "Standard_NC4as_T4_v3"; has compute capability 7.5 (Tesla T4), and KAITO tunes in bfloat16, which needs 8.0; ' +
        'fix: use one of Standard_NV36ads_A10_v5, Standard_NC24ads_A100_v4, Standard_NC40ads_H100_v5, Standard_NCC40ads_H100_v5, or engine "job"',
    ],
    [
      "a version between those that are known",
      { kaito: { version: "0.9.0", nodeProvisioner: "azure-gpu-provisioner" } },
      'AKSFT-KAITO-05 kaito.version: got "0.9.0"; is no version of KAITO that is known here: 0.6, 0.12, main; fix: use the one of these that the cluster runs',
    ],
    [
      "a name that is too long beside its namespace's",
      { team: { namespace: "n".repeat(56), podSecurity: "baseline" } },
      `AKSFT-KAITO-33 name: got "tickets"; makes with its namespace, ${"n".repeat(56)}-tickets, a name of 64 characters, at most 63; fix: shorten it by 1`,
    ],
    [
      "neither a size nor a pool",
      { size: undefined },
      'AKSFT-KAITO-30 size: got nothing; a run is on nodes that KAITO buys, or on a pool of your own, on one of the two; fix: give size, for example "Standard_NC24ads_A100_v4"',
    ],
    [
      "byo mode of 0.12",
      { ...onPool(), kaito: { version: "0.12", nodeProvisioner: "byo" } },
      'AKSFT-KAITO-25 kaito.nodeProvisioner: got "byo"; cannot tune: the operator takes no instance type there, and looks its GPUs up by it; ' +
        'fix: install KAITO with "azure-gpu-provisioner", which takes pools of your own too, or use engine "job"',
    ],
    [
      "byo mode of main",
      { ...onPool(), kaito: { version: "main", nodeProvisioner: "byo" } },
      'AKSFT-KAITO-25 kaito.nodeProvisioner: got "byo"; is not known to tune: it takes an instance type since kaito-project/kaito#2360, and nobody has shown a run there; ' +
        'fix: install KAITO with "azure-gpu-provisioner", which takes pools of your own too, or use engine "job"',
    ],
    ["a size and a pool", { pool: OWN_POOL }, 'AKSFT-KAITO-30 size: got ["size","pool"]; a run is on nodes that KAITO buys, or on a pool of your own, on one of the two; fix: remove size or pool'],
    [
      "rows of another length with the add-on",
      { ...of06, ...recipe({ sequenceLength: 2048 }) },
      'AKSFT-KAITO-17 recipe.sequenceLength: got 2048; cannot be set with KAITO 0.6, which cuts rows to 1024 tokens; fix: use 1024, or KAITO 0.12, or engine "job"',
    ],
    [
      "a restricted namespace",
      { team: { namespace: "support", podSecurity: "restricted" } },
      'AKSFT-KAITO-34 team.podSecurity: got "restricted"; keeps out the pods of KAITO 0.12, which name no security context and need "baseline"; fix: make a team of its own with podSecurity "baseline"',
    ],
  ])("names %s with its rule and the way out", (_, changes, message) => {
    expect(problemsOf(() => plan(changes))).toEqual([message]);
  });

  it("says of phi-4 in 16 bits on an A10 how much it lacks, and what holds it", () => {
    const [problem] = problemsOf(() => plan({ ...recipe({ model: "phi-4" }), size: "Standard_NV36ads_A10_v5" }));
    expect(problem).toMatch(
      /^AKSFT-KAITO-23 size: got "Standard_NV36ads_A10_v5"; lora of phi-4 needs \d\d\.\d GiB at its smallest \(weights 27\.3 GiB\), one A10 has 22\.0 GiB; fix: use method "qlora" or one of Standard_NC24ads_A100_v4, Standard_NC40ads_H100_v5, Standard_NCC40ads_H100_v5$/,
    );
    expect(plan({ ...recipe({ model: "phi-4", method: "qlora" }), size: "Standard_NV36ads_A10_v5" }).sizing.shape.size).toBe("Standard_NV36ads_A10_v5");
  });

  it.each<[string, Partial<KaitoTuningDecisions>]>([
    ["a pool with the labels in its selector", onPool({ nodeSelector: OWN_POOL.labels, labels: undefined })],
    ["a pool whose least nodes are not known", onPool({ minNodes: undefined })],
    ["a soft taint", onPool({ tolerations: [...OWN_POOL.tolerations, { key: "mine", operator: "Equal", value: "x", effect: "PreferNoSchedule" }] })],
    ["a namespace of which no level is known", { team: { namespace: "support" } }],
    ["an 8-bit base", recipe({ method: "qlora", quantization: "int8" })],
    ["preparation, which qlora does", recipe({ method: "qlora", kbitPreparation: true })],
    ["layers that the preset has", recipe({ lora: { targets: ["qkv_proj", "o_proj"] } })],
    ["the longest names", { team: { namespace: "n".repeat(55), podSecurity: "baseline" } }],
    ["a version with its patch", { kaito: { version: "v0.12.0", nodeProvisioner: "azure-gpu-provisioner" } }],
  ])("does not catch %s", (_, changes) => {
    expect(problemsWith(changes)).toEqual([]);
  });

  it.each<[string, Partial<KaitoTuningDecisions>, boolean]>([
    ["the add-on", { kaito: { version: "0.6", nodeProvisioner: "azure-gpu-provisioner" } }, true],
    ["Karpenter", { kaito: { version: "0.12", nodeProvisioner: "karpenter" } }, true],
    ["Kubernetes 1.35", { kubernetesVersion: "1.35" satisfies KubernetesVersion }, true],
    ["a pool of Azure Linux", onPool({ osSku: "AzureLinux3" }), true],
    ["Kubernetes 1.36 and the GPU provisioner", {}, false],
  ])("asks for a pull secret with %s: %p", (_, changes, asked) => {
    expect(problemsWith(changes)).toEqual(asked ? ["AKSFT-KAITO-35 datasets"] : []);
    expect(plan({ ...changes, datasets: { repository: "datasets/tickets" } }).input).toEqual({ kind: "pulled", repository: "datasets/tickets" });
  });

  it("waits with what is not known yet of the dataset's image, and checks what is", () => {
    const image = byDigest("other.azurecr.io/support/tickets", "b");
    expect(problemsWith({ dataset: { ...KAITO_DECISIONS.dataset, image } })).toEqual([]);
    expect(problemsWith({ dataset: { ...KAITO_DECISIONS.dataset, image: Promise.resolve("anything:latest") } })).toEqual([]);
  });
});

describe("datasetImageProblems", () => {
  const output = { loginServer: "mlreg.azurecr.io", repository: "support/tickets" };

  it.each<[string, string[]]>([
    [byDigest("mlreg.azurecr.io/datasets/tickets", "b"), []],
    [byDigest("other.azurecr.io/support/tickets", "b"), []],
    [byDigest("mlreg.azurecr.io/support/tickets", "b"), ["AKSFT-KAITO-36"]],
    ["mlreg.azurecr.io/support/tickets:latest", ["AKSFT-DATA-04", "AKSFT-KAITO-36"]],
    ["mlreg.azurecr.io/Support/Data:v1", ["AKSFT-DATA-04", "AKSFT-DATA-04"]],
  ])("finds in %s: %p", (image, found) => {
    expect(datasetImageProblems(image, output).map(({ code }) => code)).toEqual(found);
  });

  it("says nothing of a repository in a registry that is not known yet", () => {
    expect(datasetImageProblems(byDigest("mlreg.azurecr.io/support/tickets", "b"), { ...output, loginServer: undefined })).toEqual([]);
  });
});

describe("kaitoFacts", () => {
  it("knows no version but those it drives", () => {
    expect(kaitoFacts("0.10")).toBeUndefined();
    expect(kaitoFacts("0.12.0")?.chart).toBe("0.12.0");
  });
});
