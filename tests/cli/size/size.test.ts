import { mkdtempSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { size } from "../../../cli/size/size";
import type { RightSize } from "../../../components";

const QWEN = ["--model", "Qwen2.5-7B-Instruct", "--method", "qlora", "--sequence-length", "1024"];

describe("aks-fine-tuning size", () => {
  it("prints the reason, the memory by part, and the candidates with what each costs", () => {
    const [reason = "", ...rest] = size(QWEN).split("\n\n");
    expect(reason.replaceAll("\n", " ")).toMatch(/^Standard_\w+ \(1 × .*\) is the cheapest run that fits: qlora of Qwen2\.5-7B-Instruct at 1024 tokens/);
    const table = rest.join("\n");
    expect(size(QWEN).split("\n").filter((line) => line.length > 100)).toEqual([]);
    for (const part of ["weights", "adapter", "gradients", "optimizer", "activations", "logits", "runtime", "slack", "expected", "safe"]) {
      expect(table).toMatch(new RegExp(`^  ${part} +\\d+\\.\\d\\d GiB(  all of these.*)?$`, "m"));
    }
    expect(table.match(/^Standard_\w+ .*\d–\d.*$/gm)).toHaveLength(4);
    expect(table).toMatch(/^Quota: \d+ vCPUs of Standard /m);
  });

  it("prints the whole answer as JSON for scripts", () => {
    const answer = JSON.parse(size([...QWEN, "--spot", "--json"])) as RightSize;
    expect(answer).toMatchObject({ priority: "Spot", shape: { nodes: 1, gpusPerNode: 1 }, quota: { spot: true } });
  });

  it("sizes an unlisted model by its config.json", () => {
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), "aksft-config-")), "config.json");
    const config = { hidden_size: 192, intermediate_size: 512, num_hidden_layers: 4, num_attention_heads: 4, num_key_value_heads: 2 };
    writeFileSync(file, JSON.stringify({ ...config, vocab_size: 512, max_position_embeddings: 1024, _name_or_path: "mine" }));
    expect(size(["--config", file, "--method", "lora", "--sequence-length", "512"])).toMatch(/lora of mine at 512 tokens/);
  });

  it.each(["Qwen/Qwen2.5-7B-Instruct", "qwen2.5-7b-instruct", "Qwen2.5-7B"])("knows a model as %s", (name) => {
    expect(size(["--model", name, ...QWEN.slice(2)])).toBe(size(QWEN));
  });

  it("reads a config.json as its architecture means it, and calls a nameless one by its file", () => {
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), "aksft-config-")), "config.json");
    writeFileSync(file, JSON.stringify({ model_type: "gpt2", n_embd: 768, n_layer: 12, n_head: 12, n_positions: 1024, vocab_size: 50257 }));
    expect(size(["--config", file, "--method", "lora", "--sequence-length", "512"]).replaceAll("\n", " ")).toContain(`lora of ${file} at 512 tokens`);
    writeFileSync(file, JSON.stringify({ model_type: "gpt2", n_embd: 768 }));
    expect(() => size(["--config", file, "--method", "lora", "--sequence-length", "512"])).toThrow(/AKSFT-TUNE-20 num_hidden_layers: .*\n- AKSFT-TUNE-20 num_attention_heads: /);
  });

  it.each([
    [["--model", "Qwen2.5-7B-Instrukt", "--method", "lora", "--sequence-length", "8"], /AKSFT-TUNE-01 model: got "Qwen2\.5-7B-Instrukt".*did you mean "Qwen2\.5-7B-Instruct"/],
    [["--model", "lama-3", "--method", "lora", "--sequence-length", "8"], /fix: use Llama-3\.2-3B, .* or another that aks-fine-tuning models lists, or give --config with its config\.json$/],
    [["--model", "kimi-k2.5", "--method", "lora", "--sequence-length", "8"], /AKSFT-TUNE-18 model: got "kimi-k2\.5"; .*; fix: give --config with its config\.json, from https:\/\/huggingface\.co\/moonshotai\/Kimi-K2\.5$/],
    [["--model", "phi-4", "--method", "lora", "--sequence-length", "16000", "--max-hourly-usd", "1"], /AKSFT-SIZE-01 .*\n- Standard_NC4as_T4_v3: needs [\d.]+ GiB[^]*fix: use qlora/],
    [["--model", "phi-4", "--method", "lorra", "--sequence-length", "16"], /--method lorra: did you mean "lora"\?/],
    [["--model", "phi-4", "--method", "lora", "--sequence-length", "long"], /^--sequence-length long: is no positive number$/],
    [["--model", "phi-4", "--method", "lora", "--sequence-length", "8", "--rows", ""], /^--rows : is no positive number$/],
    [["--config", "nowhere.json", "--method", "lora", "--sequence-length", "8"], /^--config nowhere\.json: no such file$/],
    [["--config", __filename, "--method", "lora", "--sequence-length", "8"], /^--config .*size\.test\.ts: is not JSON, SyntaxError: /],
    [["--model", "phi-4"], /--method, --sequence-length and one of --model and --config are needed/],
  ])("refuses %j with a way out", (args, message) => {
    expect(() => size(args)).toThrow(message);
  });

  it("explains itself", () => {
    expect(size(["--help"])).toContain("--sequence-length N");
  });
});
