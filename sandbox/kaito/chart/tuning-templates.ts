/** What KAITO trains with where a Workspace names no ConfigMap: https://github.com/kaito-project/kaito/blob/v0.12.0/charts/kaito/workspace/templates/qlora-params.yaml */
const COMMON = `  ModelConfig:
    torch_dtype: "bfloat16"
    local_files_only: true
    device_map: "auto"
  LoraConfig:
    r: 8
    lora_alpha: 8
    lora_dropout: 0.0
  TrainingArguments:
    output_dir: "/mnt/results"
    ddp_find_unused_parameters: false
    save_strategy: "no"
    per_device_train_batch_size: 1
  DataCollator:
    mlm: true
  DatasetConfig:
    shuffle_dataset: true
    train_test_split: 1
`;

const QUANTIZATION = {
  lora: "  QuantizationConfig:\n    load_in_4bit: false\n",
  qlora: `  QuantizationConfig:
    load_in_4bit: true
    bnb_4bit_quant_type: "nf4"
    bnb_4bit_compute_dtype: "bfloat16"
    bnb_4bit_use_double_quant: true
`,
};

export function trainingConfig(method: "lora" | "qlora"): string {
  return `training_config:\n${COMMON}${QUANTIZATION[method]}`;
}
