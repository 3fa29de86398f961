import { LINEAR_LAYERS, type KaitoTunablePreset } from "../../catalogue/kaito-presets";
import type { KaitoTrainerFacts } from "../../catalogue/kaito-versions";
import type { ResolvedRecipe } from "../../recipe";
import type { Quantization } from "../../sizing/memory/quantization";
import type { Shape } from "../../sizing/shape";

/** Keys of one section. The program flattens them to a command line, on which a map has no place and null becomes the word None. */
type Section = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** The six sections of `training_config.yaml`. KAITO takes no other, and an absent one gets the defaults of its Python class, not those of KAITO's template. */
export interface KaitoTrainingConfig {
  readonly training_config: {
    readonly ModelConfig: Section;
    readonly QuantizationConfig: Section;
    readonly LoraConfig: Section;
    readonly TrainingArguments: Section;
    readonly DatasetConfig: Section;
    readonly DataCollator: Section;
  };
}

/** Key of the ConfigMap that KAITO reads. */
export const TRAINING_CONFIG_KEY = "training_config.yaml";
/** Absolute, as the operator puts a relative one below /mnt and the program does not; the pusher would wait in another folder for ever. */
export const OUTPUT_DIRECTORY = "/mnt/results";
/** Below /mnt: an image's `data` folder comes to lie in /mnt/data, whether KAITO unpacks the image there or the kubelet mounts it. */
const DATASET_PATH = "data/data/train.jsonl";

/**
 * The recipe in KAITO's words: every section, each key that decides the result.
 * https://github.com/kaito-project/kaito/blob/v0.12.0/presets/workspace/tuning/text-generation/cli.py
 */
export function kaitoTrainingConfig(recipe: ResolvedRecipe, preset: KaitoTunablePreset, shape: Shape, trainer: KaitoTrainerFacts): KaitoTrainingConfig {
  const { lora, seed } = recipe;
  return {
    training_config: {
      ModelConfig: {
        pretrained_model_name_or_path: "/workspace/tfs/weights",
        local_files_only: true,
        trust_remote_code: false,
        torch_dtype: "bfloat16",
        device_map: "auto",
      },
      QuantizationConfig: quantizationConfig(recipe),
      LoraConfig: {
        r: lora.rank,
        lora_alpha: lora.alpha,
        lora_dropout: lora.dropout,
        use_rslora: lora.rankStabilized,
        target_modules: lora.targets === "all-linear" ? LINEAR_LAYERS[preset.blocks] : lora.targets,
        bias: "none",
        task_type: "CAUSAL_LM",
      },
      TrainingArguments: trainingArguments(recipe, shape, trainer),
      DatasetConfig: {
        dataset_path: DATASET_PATH,
        dataset_extension: "json",
        messages_column: "messages",
        // Shuffled here, rows come in another order each time, as no seed is passed on; the trainer shuffles by its own.
        shuffle_dataset: false,
        shuffle_seed: seed,
        train_test_split: 1,
      },
      DataCollator: { mlm: false },
    },
  };
}

function quantizationConfig({ method, quantization }: ResolvedRecipe): Section {
  const bits = (four: boolean, eight: boolean) => ({ load_in_4bit: four, load_in_8bit: eight });
  if (method !== "qlora") return bits(false, false);
  const stored: Quantization = quantization ?? "nf4-dq";
  if (stored === "int8") return bits(false, true);
  return {
    ...bits(true, false),
    bnb_4bit_quant_type: "nf4",
    bnb_4bit_compute_dtype: "bfloat16",
    bnb_4bit_use_double_quant: stored === "nf4-dq",
  };
}

/** As the library's own trainer has them (images/trainer/trainer/training.py), so that a recipe means the same with either engine. */
function trainingArguments(recipe: ResolvedRecipe, shape: Shape, trainer: KaitoTrainerFacts): Section {
  const { globalBatch, epochs, learningRate, seed, sequenceLength, packing } = recipe;
  const gpus = shape.nodes * shape.gpusPerNode;
  return {
    output_dir: OUTPUT_DIRECTORY,
    num_train_epochs: epochs,
    per_device_train_batch_size: shape.microBatch,
    gradient_accumulation_steps: globalBatch / (shape.microBatch * gpus),
    learning_rate: learningRate,
    lr_scheduler_type: "cosine",
    // A part of the run: transformers 5 takes one for the number of steps, and its predecessor by a name of its own.
    ...(trainer.arguments === "SFTConfig" ? { warmup_steps: 0.03 } : { warmup_ratio: 0.03 }),
    optim: "adamw_torch",
    bf16: true,
    gradient_checkpointing: shape.checkpointing === "full",
    ...(trainer.arguments === "SFTConfig" ? { max_length: sequenceLength, packing } : {}),
    ddp_find_unused_parameters: false,
    // Nothing resumes from a checkpoint of KAITO's.
    save_strategy: "no",
    logging_steps: 1,
    report_to: "none",
    seed,
    data_seed: seed,
  };
}

/** The file's text: JSON, which YAML contains. */
export function trainingConfigText(config: KaitoTrainingConfig): string {
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
