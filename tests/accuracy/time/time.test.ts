import type { TuningTimeSetup } from "../../../components/plan/sizing/speed/setup";
import { estimateTuningTime } from "../../../components/plan/sizing/tuning-time";
import { median } from "../../../bench/measurement";
import { ended } from "../command";
import { readCsv } from "../csv-file";
import { csvFile } from "../written-csv";
import { THROUGHPUT_COLUMNS, THROUGHPUT_FILE, timeCommand } from "./command";
import { benchmarkModel } from "./models";
import { report } from "./report";
import { setupOf, throughputRuns } from "./runs";

const ROWS = readCsv(THROUGHPUT_FILE, THROUGHPUT_COLUMNS);
const { all, byUse, bySource, uncovered, runs } = report(ROWS);

describe("the estimated speed of tuning", () => {
  it("is predicted for every published run with counted tokens", () => {
    expect(uncovered).toEqual([]);
    expect(byUse).toMatchObject({ calibration: { covered: 32 }, check: { covered: 34 } });
  });

  it("holds for runs that no constant was set with", () => {
    expect(byUse.check?.insideRange).toBeGreaterThanOrEqual(0.85);
    expect(byUse.check?.medianAbsError).toBeLessThanOrEqual(0.18);
    expect(byUse.check?.medianWidth).toBeLessThanOrEqual(3);
  });

  it.each(["pytorch/torchtune", "NVIDIA-NeMo/Automodel", "AnswerDotAI/fsdp_qlora"])("holds for %s by itself", (source) => {
    expect(bySource[source]?.insideRange).toBeGreaterThanOrEqual(0.8);
    expect(bySource[source]?.medianAbsError).toBeLessThanOrEqual(0.2);
  });

  it("fits those that they were set with", () => {
    expect(byUse.calibration?.insideRange).toBeGreaterThanOrEqual(0.95);
    expect(byUse.calibration?.medianAbsError).toBeLessThanOrEqual(0.08);
  });

  it("errs to both sides", () => {
    const checked = runs.filter(({ use }) => use === "check");
    const tooFast = checked.filter(({ error }) => error > 0).length / checked.length;
    expect(tooFast).toBeGreaterThan(0.25);
    expect(tooFast).toBeLessThan(0.75);
  });

  it("keeps of several GPUs what h2oai/h2o-llmstudio kept", () => {
    const errors = scaling().map(({ measured, expected }) => Math.abs(expected / measured - 1));
    expect(errors).toHaveLength(19);
    expect(median(errors)).toBeLessThan(0.07);
    expect(Math.max(...errors)).toBeLessThan(0.2);
  });

  it("does not read what was measured", () => {
    const measured = { tokens_per_s_per_gpu: "1", tokens_per_s_total: "2", samples_per_s_total: "3", time_text: "4 s", computed: "5", implied_hw_tflops_per_gpu: "6" };
    const blind = throughputRuns(ROWS.map((row) => ({ ...row, ...measured })));
    expect(blind.runs.map(({ setup }) => setup)).toEqual(runs.map(({ setup }) => setup));
  });
});

/** Speed-ups over one GPU of the same card, model and method, measured and expected. */
function scaling(): readonly { readonly measured: number; readonly expected: number }[] {
  const rows = ROWS.filter(({ use }) => use === "ratio");
  return rows.flatMap((row) => {
    const one = rows.find(({ model, method, gpu, gpus }) => model === row.model && method === row.method && gpu === row.gpu && gpus === "1");
    const [many, single] = [setupOf(row), one && setupOf(one)];
    if (!one || !single || typeof single === "string" || typeof many === "string" || row === one) return [];
    const speed = (setup: TuningTimeSetup): number => estimateTuningTime(setup).tokensPerSecond.expected;
    return [{ measured: seconds(one.time_text) / seconds(row.time_text), expected: speed(many) / speed(single) }];
  });
}

/** Seconds of "1:25:29 per epoch". */
function seconds(text = ""): number {
  const [clock = ""] = text.split(" ");
  return clock.split(":").reduce((sum, part) => 60 * sum + Number(part), 0);
}

describe("npm run accuracy:time", () => {
  const printed = (...args: readonly string[]): string => timeCommand(args);

  it("prints the figures per source and in all, and every run if asked", () => {
    expect(JSON.parse(printed("--json"))).toEqual(JSON.parse(JSON.stringify({ all, byUse, bySource })));
    const lines = printed(THROUGHPUT_FILE, "--rows").split("\n");
    expect(lines[0]).toMatch(/^Source +Rows +Covered +Median error +In range +High ÷ low$/);
    expect(lines.filter((line) => /^T\d+ /.test(line))).toHaveLength(runs.length);
  });

  it("takes another file, and says what it lacks", () => {
    const less = { id: "X", source: "elsewhere v1", model: "Qwen-7B", method: "lora", seq_len: "512", micro_batch: "1", tokens_per_s_total: "3000" };
    const row = { ...less, gpu: "A100 80GB", gpus: "1" };
    const found: unknown = JSON.parse(printed(csvFile([row, { ...row, gpu: "V100" }]), "--json"));
    expect(found).toMatchObject({ bySource: { elsewhere: { rows: 2, covered: 1 } } });
    const file = csvFile([less]);
    expect(ended(timeCommand, [file])).toEqual({ exitCode: 1, stdout: "", stderr: `${file} lacks the columns gpu, gpus\n` });
    expect(ended(timeCommand, ["--rosw"])).toMatchObject({ exitCode: 2, stdout: "" });
  });
});

describe("benchmarkModel", () => {
  it("is the catalogue's, or one that it does not list", () => {
    expect(benchmarkModel("Llama-3.2-3B")).toMatchObject({ num_hidden_layers: 28, tie_word_embeddings: true });
    expect(benchmarkModel("Llama-3.3-70B")).toMatchObject({ num_hidden_layers: 80, vocab_size: 128256 });
    expect(benchmarkModel("MPT-7B")).toMatchObject({ gated_mlp: false });
    expect(benchmarkModel("Elsewhere")).toBeUndefined();
  });
});

describe("throughputRuns", () => {
  const ROW = { id: "X", source: "s", model: "Qwen-7B", method: "lora", seq_len: "512", micro_batch: "1", grad_ckpt: "yes", gpu: "A100 80GB", gpus: "1", tokens_per_s_total: "10" };

  it.each([
    ["card V100 is not known", { gpu: "V100" }],
    ["model Elsewhere is not known", { model: "Elsewhere" }],
    ["method ia3 is none of lora, qlora, dora, full", { method: "ia3" }],
    ["card toString is not known", { gpu: "toString" }],
    ["length, batch or number of GPUs is no whole number above 0", { micro_batch: "" }],
    ["length, batch or number of GPUs is no whole number above 0", { gpus: "3.5" }],
    ["no tokens per second", { tokens_per_s_total: "" }],
  ])("says why a row of another file is not covered: %s", (why, changes) => {
    expect(throughputRuns([{ ...ROW, ...changes }])).toEqual({ runs: [], uncovered: [{ id: "X", source: "s", why }] });
  });

  it("takes rows of a file without the columns that only ours has as checks", () => {
    const { runs: [run] } = throughputRuns([{ ...ROW, source: "elsewhere", method: "full", grad_ckpt: "no", gpus: "16" }]);
    expect(run).toMatchObject({ source: "elsewhere", use: "check", measured: 10, setup: { sharding: "fsdp", offload: "none", checkpointing: "none", nodes: 2, gpusPerNode: 8 } });
  });
});
