import { mkdtempSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { CONSTRAINT_OPTIONS, FLAGS, RECIPE_OPTIONS, TRAINER_OPTIONS } from "../../../cli/size/options";
import { HELP, size } from "../../../cli/size/size";
import { type Constraints, type Recipe, rightSize, type RightSize } from "../../../components";

const QWEN = ["--model", "Qwen2.5-7B-Instruct", "--method", "qlora", "--sequence-length", "2048"];
const LLAMA_70B = ["--model", "Llama-3.3-70B-Instruct", "--method", "lora", "--sequence-length", "4096"];
const RECIPE: Recipe = { model: "Qwen2.5-7B-Instruct", method: "qlora", sequenceLength: 2048 };
const FOLDER = mkdtempSync(path.join(os.tmpdir(), "aksft-size-"));

function file(name: string, content: string): string {
  const written = path.join(FOLDER, name);
  writeFileSync(written, content);
  return written;
}

/** The answer of a command line, read from its JSON. */
const answered = (...args: readonly string[]) => JSON.parse(size([...args, "--json"])) as RightSize;
/** What the library answers, as JSON has it. */
const answer = (recipe: Partial<Recipe>, constraints: Partial<Constraints>) =>
  JSON.parse(JSON.stringify(rightSize({ ...RECIPE, ...recipe }, { location: "eastus", priority: "Regular", ...constraints }))) as RightSize;

const SCREEN = `Standard_NC24ads_A100_v4 (1 × A100 80GB PCIe) is the cheapest run that fits: qlora of
Qwen2.5-7B-Instruct at 2048 tokens × 1 needs 44.1 GiB of 79.3 GiB, 2.15 USD for the run at 3.673 USD
per hour pay-as-you-go (eastus, 2026-06-18); next is Standard_NC40ads_H100_v5 for 2.25 USD

Memory of one GPU in GiB, at its peak at the loss
  weights       5.17  ██████████
  adapter       0.15
  gradients     0.15
  optimizer     0.30  █
  activations  21.16  ████████████████████████████████████████
  logits        5.22  ██████████
  buffers       0.33  █
  runtime       0.80  ██
  slack         3.48  ███████
  expected     32.48  what torch allocates: all but runtime and slack
  driver       36.75  what nvidia-smi shows: all of the above
  safe         44.10  what a GPU must have: a fifth more

Size              GPUs      batch  checkpoints    GiB of GPU  USD/h      hours         USD a run
NC24ads_A100_v4   1             1           no  44.1 of 79.3   3.67  0.28–0.69  2.15 (1.22–3.56)
NC40ads_H100_v5   1             2           no  79.6 of 93.0   6.98  0.10–0.36  2.25 (1.12–4.41)
NC48ads_A100_v4   2 copies      1           no  45.1 of 79.3   7.35  0.14–0.38  2.70 (1.45–4.79)
NC80adis_H100_v5  2 copies      2           no  80.6 of 93.0  13.96  0.05–0.19  3.21 (1.53–6.56)

Why not the next
  NC40ads_H100_v5   costs 5 % more
  NC48ads_A100_v4   costs 26 % more
  NC80adis_H100_v5  costs 49 % more

Sizes that were passed over
  a GPU must have 16.2 GiB at least: NC4as_T4_v3 (14.8), NC8as_T4_v3 (14.8), NC16as_T4_v3
      (14.8), NV6ads_A10_v5 (3.6), NV12ads_A10_v5 (7.2), NV18ads_A10_v5 (10.8)
  a GPU must have 14.9 GiB at least: NC64as_T4_v3 (14.8)
  its pay-as-you-go price is known in westus3 only: NC8ads_A10_v4, NC16ads_A10_v4,
      NC32ads_A10_v4
  its pay-as-you-go price is known in eastus2 only: NCC40ads_H100_v5, ND96isr_H200_v5

Run        1000 rows (--rows N for yours), 2048 tokens each, 3 times, 16 rows a step
Start-up   3 to 17 minutes for node, image and weights; paid and in the cost, not in the hours
Hours      from first principles, with constants set by published A100 and H100 runs; measured on
           A100s
Quota      24 vCPUs of Standard NCADSA100v4 Family vCPUs
`;

describe("aks-fine-tuning size", () => {
  it("prints why, the memory by part, the candidates, what was passed over, and what the figures are of", () => {
    expect(size(QWEN)).toBe(SCREEN);
  });

  it("says how GPUs share a run, that another trainer is needed, and the model's terms, within the screen's width", () => {
    const lines = size([...LLAMA_70B, "--max-nodes", "2"]).split("\n");
    expect(lines).toContain("ND96amsr_A100_v4  8 shards        2          yes  71.6 of 79.3  32.77  0.85–1.93  47.7 (30.4–83.8)");
    expect(lines).toContain("NC80adis_H100_v5  2×2 shards      2          yes  91.8 of 93.0  27.92  2.79–4.76   97.7 (80.2–150)");
    expect(lines).toContain("Trainer    that of TuningJob uses one GPU: a layout of 8 needs another; --engine job shows what it");
    expect(lines).toContain("Licence    Llama-3.3-70B-Instruct is under the licence llama3.3, and gated: read the terms at");
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });

  it("says that nothing else fits, and that a price is unknown", () => {
    const text = size([...QWEN, "--spot", "--size", "Standard_NC40ads_H100_v5", "--rows", "500", "--tokens-per-row", "700", "--epochs", "1"]);
    expect(text).toMatch(/^NC40ads_H100_v5 .* unknown .* unknown$/m);
    expect(text).toMatch(/^No other size fits$/m);
    expect(text).toMatch(/^Run {8}500 rows, 700 tokens each on average, 1 time, 16 rows a step$/m);
    expect(text).toMatch(/^Quota {6}40 vCPUs of the region's spot quota$/m);
  });

  it("prints the whole answer as JSON for scripts", () => {
    expect(answered(...QWEN)).toEqual(answer({}, {}));
  });

  it.each<readonly [readonly string[], Partial<Recipe>, Partial<Constraints>]>([
    [["--global-batch", "6"], { globalBatch: 6 }, {}],
    [["--epochs", "2.5"], { epochs: 2.5 }, {}],
    [["--rank", "64", "--dropout", "0"], { lora: { rank: 64, dropout: 0 } }, {}],
    [["--target", "q_proj", "--target", "v_proj"], { lora: { targets: ["q_proj", "v_proj"] } }, {}],
    [["--quantization", "int8"], { quantization: "int8" }, {}],
    [["--packing", "--kbit-preparation"], { packing: true, kbitPreparation: true }, {}],
    [["--spot"], {}, { priority: "Spot" }],
    [["--location", "westus3"], {}, { location: "westus3" }],
    [["--family", "A10", "--family", "H100"], {}, { families: ["A10", "H100"] }],
    [["--size", "Standard_NC8ads_A10_v4"], {}, { sizes: ["Standard_NC8ads_A10_v4"] }],
    [["--engine", "job"], {}, { engine: "job" }],
    [["--max-nodes", "2", "--max-gpus", "2"], {}, { maxNodes: 2, maxGpus: 2 }],
    [["--max-hourly-usd", "5"], {}, { maxHourlyUsd: 5 }],
    [["--max-total-usd", "4"], {}, { maxTotalUsd: 4 }],
    [["--deadline-hours", "0.8"], {}, { deadlineHours: 0.8 }],
    [["--rows", "50000", "--tokens-per-row", "400"], {}, { rows: 50000, tokensPerRow: 400 }],
    [["--loss-kernel", "fused"], {}, { trainer: { lossKernel: "fused" } }],
    [["--attention", "flash"], {}, { trainer: { attention: "flash" } }],
    [["--precision", "fp32", "--optimizer", "paged-adamw-8bit"], {}, { trainer: { precision: "fp32", optimizer: "paged-adamw-8bit" } }],
  ])("takes %j", (args, recipe, constraints) => {
    const given = answered(...QWEN, ...args);
    expect(given).toEqual(answer(recipe, constraints));
    expect(given).not.toEqual(answer({}, {}));
  });

  it("takes prices from a file", () => {
    const prices = { Standard_NC40ads_H100_v5: { eastus: { Regular: { usdPerHour: 0.5, date: "2026-11-01" } } } };
    expect(answered(...QWEN, "--prices", file("prices.json", JSON.stringify(prices)))).toEqual(answer({}, { prices }));
  });

  it("takes a recipe from a file, over which options win", () => {
    const recipe = file("recipe.yaml", "model: Qwen2.5-7B-Instruct\nmethod: lora\nsequenceLength: 512\nglobalBatch: 4\nlora:\n  rank: 8\n");
    expect(answered("--recipe", recipe)).toEqual(answer({ method: "lora", sequenceLength: 512, globalBatch: 4, lora: { rank: 8 } }, {}));
    expect(answered("--recipe", recipe, "--method", "qlora", "--dropout", "0")).toEqual(
      answer({ sequenceLength: 512, globalBatch: 4, lora: { rank: 8, dropout: 0 } }, {}),
    );
    expect(() => size(["--recipe", file("odd.yaml", "model: phi-4\nmethod: lora\nsequenceLength: 512\nepoch: 1\n")])).toThrow(/AKSFT-TUNE-16 epoch: .*did you mean "epochs"/);
  });

  it("sizes an unlisted model by its config.json, called by the name in it or by its file", () => {
    const config = { hidden_size: 192, intermediate_size: 512, num_hidden_layers: 4, num_attention_heads: 4, num_key_value_heads: 2, vocab_size: 512 };
    const named = file("config.json", JSON.stringify({ ...config, max_position_embeddings: 1024, _name_or_path: "mine" }));
    expect(answered("--config", named, "--method", "lora", "--sequence-length", "512").reason).toContain("lora of mine at 512 tokens");
    const nameless = file("gpt2.json", JSON.stringify({ model_type: "gpt2", n_embd: 768, n_layer: 12, n_head: 12, n_positions: 1024, vocab_size: 50257 }));
    expect(answered("--config", nameless, "--method", "lora", "--sequence-length", "512").reason).toContain(`lora of ${nameless} at 512 tokens`);
    const poor = file("poor.json", JSON.stringify({ model_type: "gpt2", n_embd: 768 }));
    expect(() => size(["--config", poor, "--method", "lora", "--sequence-length", "512"])).toThrow(/AKSFT-TUNE-20 num_hidden_layers: .*\n- AKSFT-TUNE-20 num_attention_heads: /);
  });

  it.each(["Qwen/Qwen2.5-7B-Instruct", "qwen2.5-7b-instruct", "Qwen2.5-7B"])("knows a model as %s", (name) => {
    expect(size(["--model", name, ...QWEN.slice(2)])).toBe(size(QWEN));
  });

  it.each([
    [["--model", "Qwen2.5-7B-Instrukt", ...QWEN.slice(2)], /AKSFT-TUNE-01 model: got "Qwen2\.5-7B-Instrukt".*did you mean "Qwen2\.5-7B-Instruct"/],
    [["--model", "kimi-k2.5", ...QWEN.slice(2)], /AKSFT-TUNE-18 model: got "kimi-k2\.5"; .*; fix: give --config with its config\.json, from https:\/\/huggingface\.co\/moonshotai\/Kimi-K2\.5$/],
    [[...QWEN, "--max-hourly-usd", "0.1"], /AKSFT-SIZE-01 .*fix: raise maxHourlyUsd to 3\.2 \(16\.2 GiB on Standard_NV36ads_A10_v5, 3\.2 USD per hour\)/],
    [[...QWEN, "--family", "V100"], /AKSFT-SIZE-05 constraints\.families\[0\]: got "V100"/],
    [[...QWEN, "--method", "lorra"], /^--method lorra: did you mean "lora"\?$/],
    [[...QWEN, "--quantization", "nf5"], /^--quantization nf5: did you mean "nf4"\?$/],
    [[...QWEN, "--engine", "ray"], /^--engine ray: use one of job, kaito$/],
    [[...QWEN, "--attention", "flesh"], /^--attention flesh: did you mean "flash"\?$/],
    [[...QWEN, "--loss-kernel", "liger"], /^--loss-kernel liger: use one of plain-fp32, /],
    [[...QWEN, "--precision", "int8"], /^--precision int8: use one of pure-16bit, mixed, fp32$/],
    [[...QWEN, "--optimizer", "sgd"], /^--optimizer sgd: use one of adamw, paged-adamw-8bit$/],
    [[...QWEN, "--rows", "many"], /^--rows many: is no number$/],
    [[...QWEN, "--rows", ""], /^--rows : is no number$/],
    [[...QWEN, "--rows", "0"], /AKSFT-SIZE-06 constraints\.rows: got 0/],
    [[...QWEN, "--config", "config.json"], /^give either --model or --config$/],
    [["--config", "nowhere.json", ...QWEN.slice(2)], /^--config nowhere\.json: no such file$/],
    [["--config", __filename, ...QWEN.slice(2)], /^--config .*size\.test\.ts: cannot be read: .*JSON/],
    [["--recipe", file("list.yaml", "- model")], /^--recipe .*list\.yaml: cannot be read: it holds no mapping of a recipe's members$/],
    [["--model", "phi-4"], /^--method, --sequence-length and one of --model and --config are needed; aks-fine-tuning size --help lists the options$/],
    [[...QWEN, "--sequence", "8"], /Unknown option '--sequence'/],
  ])("refuses %j with a way out", (args, message) => {
    expect(() => size(args)).toThrow(message);
  });

  it("explains every option, within the screen's width", () => {
    expect(size(["--help"])).toBe(HELP);
    for (const name of Object.keys({ ...RECIPE_OPTIONS, ...CONSTRAINT_OPTIONS, ...TRAINER_OPTIONS, ...FLAGS })) expect(HELP).toMatch(new RegExp(`^  --${name} .*\\w`, "m"));
    expect(HELP.split("\n").filter((line) => line.length > 100)).toEqual([]);
  });
});
