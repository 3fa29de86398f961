import * as fs from "node:fs/promises";
import * as path from "node:path";
import { run } from "../toolchain/commands";
import { emptyGpuCode, makeCudaStubs } from "./cuda-stubs";
import { FILE_TIME_SECONDS } from "./layer";
import type { RootlessPython } from "./rootless-python";

/** What nothing on a CPU reads: headers, static libraries, tests, and code for GPUs. */
const UNUSED = [
  ..."torch/include torch/share nvidia/*/include pyarrow/include pyarrow/tests pandas/tests".split(" "),
  ..."numpy/*/tests sympy/*/tests networkx/*/tests torch/bin/protoc* *.dist-info/RECORD bin".split(" "),
  ..."torch/lib/*.a pyarrow/*flight* bitsandbytes/*cuda*.so bitsandbytes/*rocm*.so".split(" "),
  ..."bitsandbytes/*xpu*.so nvidia/*/lib/libnvperf* nvidia/*/lib/libcheckpoint* nvidia/*/lib/libpcsampling*".split(" "),
];

/** Imports what a run imports, so that the compiled modules are in the image: its root is read-only when it runs. */
const WARM_UP = [
  "import torch, bitsandbytes, datasets, peft, transformers, trl",
  "from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM",
  "from peft import LoraConfig, PeftModel, get_peft_model",
  "from trl import SFTConfig, SFTTrainer",
  "import argparse, email.utils, http.server, json, ssl, tarfile, tempfile, urllib.request",
  "model = LlamaForCausalLM(LlamaConfig(hidden_size=64, intermediate_size=64, num_hidden_layers=1, vocab_size=64))",
  "model = get_peft_model(model, LoraConfig(target_modules='all-linear', task_type='CAUSAL_LM'))",
  "tokens = torch.ones(1, 4, dtype=torch.long)",
  "model(input_ids=tokens, labels=tokens).loss.backward()",
  "torch.optim.AdamW(model.parameters()).step()",
  "model.generate(input_ids=tokens, max_new_tokens=2)",
].join("\n");

const OPTIONS = "--no-deps --no-compile --only-binary=:all: --no-warn-script-location --progress-bar=off".split(" ");

export interface PackagesArgs {
  readonly python: RootlessPython;
  /** The file that holds pip. */
  readonly pip: string;
  readonly root: string;
  /** Where the packages go. */
  readonly folder: string;
  readonly requirements: readonly string[];
  readonly report: (detail: string) => void;
}

/** The trainer's pinned packages, with PyPI's torch made to run without a GPU. */
export async function installPackages(args: PackagesArgs): Promise<void> {
  const { python, pip, root, folder, requirements, report } = args;
  report("Python packages");
  const files = requirements.flatMap((file) => ["--requirement", file]);
  await python.run(["-m", "pip", "install", ...OPTIONS, "--target", folder, ...files], {
    env: { PYTHONPATH: pip, PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_ROOT_USER_ACTION: "ignore" },
    onLine: (line) => {
      const collected = /^Collecting (\S+)/.exec(line)?.[1];
      if (collected !== undefined) report(collected);
      if (line.startsWith("Installing collected")) report("unpacking Python packages");
    },
  });

  report("stubs for CUDA");
  for await (const entry of fs.glob(UNUSED, { cwd: folder })) {
    await fs.rm(path.join(folder, entry), { recursive: true, force: true });
  }
  const torch = path.join(folder, "torch", "lib");
  await makeCudaStubs(torch, await cudaFolder(folder));
  await emptyGpuCode(torch);

  report("compiling what a run imports");
  // Compiled modules record the time of their sources, which the layers set to the same one.
  const touch = ["-exec", "touch", "--no-create", `--date=@${FILE_TIME_SECONDS}`, "{}", "+"];
  await run("find", [root, folder, "-type", "f", ...touch]);
  await python.run(["-c", WARM_UP], { env: { PYTHONPATH: folder, HF_HUB_OFFLINE: "1" } });
}

async function cudaFolder(packages: string): Promise<string> {
  for await (const found of fs.glob("nvidia/*/lib/libcudart.so.*", { cwd: packages })) {
    return path.join(packages, path.dirname(found));
  }
  throw new Error(`${packages} holds no CUDA runtime`);
}
