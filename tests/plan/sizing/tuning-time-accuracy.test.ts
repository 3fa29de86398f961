import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { estimateTuningTime, type TuningTimeSetup } from "../../../components";
import { median } from "../../../bench/measurement";
import { csvRows } from "../../accuracy/csv";
import { setupOf, throughputRuns } from "../../accuracy/throughput-runs";
import { report, THROUGHPUT_FILE } from "../../accuracy/throughput-score";

const TEXT = readFileSync(THROUGHPUT_FILE, "utf8");
const { byUse, bySource, uncovered, runs } = report(TEXT);

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
    const blind = TEXT.split("\n").map((line, at) => (at === 0 ? line.replace("tokens_per_s_per_gpu,", "unread,").replace("implied_hw_tflops_per_gpu", "unread_too") : line));
    expect(throughputRuns(blind.join("\n")).runs.map(({ setup }) => setup)).toEqual(runs.map(({ setup }) => setup));
  });
});

/** Speed-ups over one GPU of the same card, model and method, measured and expected. */
function scaling(): readonly { readonly measured: number; readonly expected: number }[] {
  const rows = csvRows(TEXT).filter(({ use }) => use === "ratio");
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
  const run = (...args: readonly string[]): string =>
    execFileSync(process.execPath, [require.resolve("tsx/cli"), path.join(path.dirname(THROUGHPUT_FILE), "throughput.ts"), ...args], { encoding: "utf8" });

  it("prints the figures per source and in all, and every run if asked", () => {
    expect(JSON.parse(run("--json"))).toEqual(JSON.parse(JSON.stringify({ all: report(TEXT).all, byUse, bySource })));
    const lines = run(THROUGHPUT_FILE, "--rows").split("\n");
    expect(lines[0]).toMatch(/^Source +Rows +Covered +Median error +In range +High ÷ low$/);
    expect(lines.filter((line) => /^T\d+ /.test(line))).toHaveLength(runs.length);
  });
});

describe("csvRows", () => {
  it("takes quoted cells with commas, quotes and line ends, empty cells and short lines", () => {
    expect(csvRows('a,b,c\n1,"x, ""y""\nz",\r\n,2\n')).toEqual([
      { a: "1", b: 'x, "y"\nz', c: "" },
      { a: "", b: "2", c: "" },
    ]);
    expect(csvRows("")).toEqual([]);
  });
});

describe("throughputRuns", () => {
  const COLUMNS = "id,source,model,method,seq_len,micro_batch,grad_ckpt,gpu,gpus,tokens_per_s_total";
  it.each([
    ["gpu", "card V100 is not known", "X,s,Qwen-7B,lora,512,1,yes,V100,1,10"],
    ["model", "model Elsewhere is not known", "X,s,Elsewhere,lora,512,1,yes,A100 80GB,1,10"],
    ["method", "method ia3 is none of lora, qlora, dora, full", "X,s,Qwen-7B,ia3,512,1,yes,A100 80GB,1,10"],
    ["batch", "length, batch or number of GPUs is not given", "X,s,Qwen-7B,lora,512,,yes,A100 80GB,1,10"],
    ["speed", "no tokens per second", "X,s,Qwen-7B,lora,512,1,yes,A100 80GB,1,"],
  ])("says why a row of another file is not covered: %s", (_, why, row) => {
    expect(throughputRuns(`${COLUMNS}\n${row}`)).toEqual({ runs: [], uncovered: [{ id: "X", source: "s", why }] });
  });

  it("takes rows of a file without the columns that only ours has as checks", () => {
    const { runs: [run] } = throughputRuns(`${COLUMNS}\nX,elsewhere,Qwen-7B,full,512,1,no,A100 80GB,16,10`);
    expect(run).toMatchObject({ source: "elsewhere", use: "check", measured: 10, setup: { sharding: "fsdp", offload: "none", checkpointing: "none", nodes: 2, gpusPerNode: 8 } });
  });
});
