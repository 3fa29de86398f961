import * as fc from "fast-check";
import { BASE_MODEL_NAMES } from "../../../components/plan/catalogue/base-models";
import { LINEAR_LAYERS, tunablePreset, TUNABLE_PRESETS } from "../../../components/plan/catalogue/kaito-presets";
import { KAITO_VERSION_FACTS } from "../../../components/plan/catalogue/kaito-versions";
import type { Recipe } from "../../../components";
import { planKaitoTuning } from "../../../components/plan/kaito/tuning";
import { kaitoTrainingConfig, trainingConfigText } from "../../../components/plan/kaito/tuning/training-config";
import { resolveRecipe } from "../../../components/plan/recipe";
import { presetName } from "../../../components/plan/sizing/kaito/formulas";
import type { Shape } from "../../../components/plan/sizing/shape";
import { KAITO_DECISIONS, KAITO_RECIPE } from "../../support/kaito-tuning";

const SHAPE: Shape = { size: "Standard_NC24ads_A100_v4", nodes: 1, gpusPerNode: 1, microBatch: 4, sharding: "none", checkpointing: "full", optimizer: "adamw" };
const PHI = TUNABLE_PRESETS["phi-4-mini-instruct"];
const NEW = KAITO_VERSION_FACTS["0.12"].trainer;
const config = (recipe: Partial<Recipe> = {}, trainer: Parameters<typeof kaitoTrainingConfig>[3] = NEW) =>
  kaitoTrainingConfig(resolveRecipe({ ...KAITO_RECIPE, ...recipe }), PHI, SHAPE, trainer).training_config;

/** The closed lists of kaito-project/kaito presets/workspace/tuning/text-generation/cli.py, and of its parents' keys those that are used. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  ModelConfig: ["pretrained_model_name_or_path", "local_files_only", "trust_remote_code", "torch_dtype", "device_map"],
  QuantizationConfig: ["load_in_4bit", "load_in_8bit", "bnb_4bit_quant_type", "bnb_4bit_compute_dtype", "bnb_4bit_use_double_quant"],
  LoraConfig: ["r", "lora_alpha", "lora_dropout", "use_rslora", "target_modules", "bias", "task_type"],
  TrainingArguments: [
    ...["output_dir", "num_train_epochs", "per_device_train_batch_size", "gradient_accumulation_steps", "learning_rate", "lr_scheduler_type", "warmup_steps", "warmup_ratio"],
    ...["optim", "bf16", "gradient_checkpointing", "max_length", "packing", "ddp_find_unused_parameters", "save_strategy", "logging_steps", "report_to", "seed", "data_seed"],
  ],
  DatasetConfig: ["dataset_path", "dataset_extension", "messages_column", "shuffle_dataset", "shuffle_seed", "train_test_split"],
  DataCollator: ["mlm"],
};

describe("kaitoTrainingConfig", () => {
  it("names every section and each key that decides", () => {
    expect(config()).toEqual({
      ModelConfig: {
        pretrained_model_name_or_path: "/workspace/tfs/weights",
        local_files_only: true,
        trust_remote_code: false,
        torch_dtype: "bfloat16",
        device_map: "auto",
      },
      QuantizationConfig: { load_in_4bit: false, load_in_8bit: false },
      LoraConfig: {
        r: 16,
        lora_alpha: 32,
        lora_dropout: 0.05,
        use_rslora: false,
        target_modules: ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"],
        bias: "none",
        task_type: "CAUSAL_LM",
      },
      TrainingArguments: {
        output_dir: "/mnt/results",
        num_train_epochs: 3,
        per_device_train_batch_size: 4,
        gradient_accumulation_steps: 4,
        learning_rate: 0.0002,
        lr_scheduler_type: "cosine",
        warmup_steps: 0.03,
        optim: "adamw_torch",
        bf16: true,
        gradient_checkpointing: true,
        max_length: 1024,
        packing: false,
        ddp_find_unused_parameters: false,
        save_strategy: "no",
        logging_steps: 1,
        report_to: "none",
        seed: 42,
        data_seed: 42,
      },
      DatasetConfig: {
        dataset_path: "data/data/train.jsonl",
        dataset_extension: "json",
        messages_column: "messages",
        shuffle_dataset: false,
        shuffle_seed: 42,
        train_test_split: 1,
      },
      DataCollator: { mlm: false },
    });
  });

  it.each<[Recipe["quantization"], object]>([
    [undefined, { load_in_4bit: true, load_in_8bit: false, bnb_4bit_quant_type: "nf4", bnb_4bit_compute_dtype: "bfloat16", bnb_4bit_use_double_quant: true }],
    ["nf4-dq", { load_in_4bit: true, load_in_8bit: false, bnb_4bit_quant_type: "nf4", bnb_4bit_compute_dtype: "bfloat16", bnb_4bit_use_double_quant: true }],
    ["nf4", { load_in_4bit: true, load_in_8bit: false, bnb_4bit_quant_type: "nf4", bnb_4bit_compute_dtype: "bfloat16", bnb_4bit_use_double_quant: false }],
    ["int8", { load_in_4bit: false, load_in_8bit: true }],
  ])("stores a qlora base as %p in one of 4 and 8 bits", (quantization, section) => {
    expect(config({ method: "qlora", quantization }).QuantizationConfig).toEqual(section);
  });

  it("passes on what the recipe says of adapter, seed, steps and rows", () => {
    const { LoraConfig, TrainingArguments, DatasetConfig } = config({
      ...{ seed: 7, epochs: 0.5, learningRate: 0.00005, globalBatch: 32, packing: true, sequenceLength: 4096 },
      lora: { rank: 8, alpha: 8, dropout: 0, targets: ["o_proj"], rankStabilized: true },
    });
    expect(LoraConfig).toMatchObject({ r: 8, lora_alpha: 8, lora_dropout: 0, target_modules: ["o_proj"], use_rslora: true });
    expect(TrainingArguments).toMatchObject({ seed: 7, data_seed: 7, num_train_epochs: 0.5, learning_rate: 0.00005, gradient_accumulation_steps: 8, packing: true, max_length: 4096 });
    expect(DatasetConfig).toMatchObject({ shuffle_seed: 7 });
  });

  it("says to the add-on's program nothing that it does not know", () => {
    const { TrainingArguments } = config({}, KAITO_VERSION_FACTS["0.6"].trainer);
    expect(Object.keys(TrainingArguments)).not.toEqual(expect.arrayContaining(["max_length"]));
    expect(TrainingArguments).not.toHaveProperty("packing");
    expect(TrainingArguments).not.toHaveProperty("warmup_steps");
    expect(TrainingArguments).toMatchObject({ warmup_ratio: 0.03 });
  });

  it.each([
    ["phi-4", ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"]],
    ["phi-3.5-mini-instruct", ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"]],
    ["qwen2.5-coder-7b-instruct", ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]],
    ["mistral-7b", ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]],
    ["falcon-7b", ["query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h"]],
    ["phi-2", ["q_proj", "k_proj", "v_proj", "dense", "fc1", "fc2"]],
  ])("knows the linear layers of %s", (preset, layers) => {
    expect(LINEAR_LAYERS[tunablePreset(preset)?.blocks ?? "split"]).toEqual(layers);
  });

  it("is named by what determines it, so that another size, and with it another batch, takes it away from no run", () => {
    const named = (changes: Partial<Recipe>, size = KAITO_DECISIONS.size) => planKaitoTuning("tickets", { ...KAITO_DECISIONS, size, recipe: { ...KAITO_RECIPE, ...changes } }).trainingConfig;
    expect(named({}, "Standard_NV36ads_A10_v5").text).not.toBe(named({}).text);
    expect(named({}, "Standard_NV36ads_A10_v5").name).toBe(named({}).name);
    expect(named({ seed: 1 }).name).not.toBe(named({}).name);
    expect(JSON.parse(named({}).text)).toHaveProperty("training_config.DataCollator", { mlm: false });
  });
});

const MODELS = BASE_MODEL_NAMES.filter((name) => Object.hasOwn(TUNABLE_PRESETS, presetName(name)));
const recipes = fc.record({
  model: fc.constantFrom(...MODELS),
  method: fc.constantFrom("lora", "qlora"),
  loss: fc.constant("all"),
  sequenceLength: fc.integer({ min: 8, max: 1024 }),
  globalBatch: fc.integer({ min: 1, max: 96 }),
  epochs: fc.constantFrom(0.5, 1, 3, 10),
  learningRate: fc.constantFrom(1e-7, 0.00005, 0.001),
  lora: fc.record({ rank: fc.integer({ min: 1, max: 64 }), rankStabilized: fc.boolean() }),
  packing: fc.boolean(),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
}) satisfies fc.Arbitrary<Recipe>;

describe("the sections of any recipe that KAITO takes", () => {
  it("are the six, of known keys alone, without nulls and maps, with one step's rows on one GPU", () => {
    fc.assert(
      fc.property(recipes, (recipe) => {
        const { trainingConfig, sizing } = planKaitoTuning("tickets", { ...KAITO_DECISIONS, size: "Standard_NC40ads_H100_v5", recipe });
        const { training_config: sections, ...rest } = JSON.parse(trainingConfig.text) as Record<string, Record<string, Record<string, unknown>>>;
        expect(rest).toEqual({});
        expect(Object.keys(sections ?? {}).sort()).toEqual(Object.keys(KNOWN).sort());
        for (const [section, keys] of Object.entries(sections ?? {})) {
          expect(KNOWN[section]).toEqual(expect.arrayContaining(Object.keys(keys)));
          for (const value of Object.values(keys)) {
            const flat = Array.isArray(value) ? value.every((each) => typeof each === "string") : ["string", "number", "boolean"].includes(typeof value);
            expect(flat).toBe(true);
          }
        }
        const { gradient_accumulation_steps: steps, per_device_train_batch_size: rows, gradient_checkpointing: again } = sections?.["TrainingArguments"] ?? {};
        expect(Number(steps) * Number(rows) * sizing.shape.gpusPerNode * sizing.shape.nodes).toBe(recipe.globalBatch);
        expect(again).toBe(sizing.shape.checkpointing === "full");
        expect(sections?.["LoraConfig"]?.["lora_alpha"]).toBe(2 * (recipe.lora.rank));
      }),
      { numRuns: 60 },
    );
  });

  it("read back as they were written", () => {
    const written = kaitoTrainingConfig(resolveRecipe(KAITO_RECIPE), PHI, SHAPE, NEW);
    expect(JSON.parse(trainingConfigText(written))).toEqual(written);
  });
});
