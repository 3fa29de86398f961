import { existsSync } from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { sandboxDown, sandboxReset, sandboxUp } from "./cluster";
import { DEFAULT_STACK, sandboxEnvironment } from "./environment";
import { PROJECT_ROOT, sandboxHome } from "./home";
import { consoleProgress } from "./progress";
import { runCommand } from "./run-command";

const HELP = `The sandbox: a cloud small enough for one machine, with no account.

  npm run demo [-- OPTIONS]             dataset to answering endpoint, end to end
  npm run sandbox -- COMMAND…           run any command with the sandbox up: pulumi preview, kubectl get nodes, curl …
  npm run sandbox:down                  stop its processes; its state stays
  npm run sandbox:reset                 stop its processes and forget its state

Options
  --home DIR        keep state in DIR (default: AKS_FINE_TUNING_HOME, else ~/.cache/aks-fine-tuning/sandbox)
  --stack NAME      a command's stack, with its file Pulumi.NAME.yaml (default: dev)
  --dataset FILE    demo: tune on this JSONL file of chat rows
  --simulated       start no real node; every pod is simulated
  --help            this text

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted; sandbox passes on the command's own.
`;

type Verb = "demo" | "run" | "down" | "reset";
const VERBS: readonly Verb[] = ["demo", "run", "down", "reset"];

async function main(argv: readonly string[]): Promise<number> {
  const [word = "--help", ...rest] = argv;
  const verb = VERBS.find((candidate) => candidate === word);
  // Everything after `run --` belongs to the command.
  const split = verb === "run" ? commandStart(rest) : rest.length;
  const { values, positionals } = parseArgs({
    args: rest.slice(0, split),
    allowPositionals: true,
    options: {
      home: { type: "string" },
      stack: { type: "string", default: DEFAULT_STACK },
      dataset: { type: "string" },
      simulated: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help || word === "--help" || word === "-h") return say(HELP, 0);
  if (!verb) return say(`unknown command "${word}"\n\n${HELP}`, 2);
  if (positionals.length > 0) return say(`unexpected "${positionals.join(" ")}"\n\n${HELP}`, 2);

  const home = sandboxHome(values.home);
  const progress = consoleProgress();
  const nodes = values.simulated ? "simulated" : "auto";
  switch (verb) {
    case "down":
      await progress.step("sandbox stopped", () => sandboxDown(home));
      return 0;
    case "reset":
      await progress.step("sandbox stopped, its state forgotten", () => sandboxReset(home));
      return 0;
    case "demo": {
      // Loaded when asked for: every other command starts faster without it.
      const { demo } = await import("./demo/demo.js");
      return demo(home, progress, { nodes, dataset: values.dataset });
    }
    case "run": {
      const command = rest.slice(split);
      if (command.length === 0) return say(HELP, 2);
      if (!existsSync(path.join(PROJECT_ROOT, `Pulumi.${values.stack}.yaml`))) return say(`--stack: there is no Pulumi.${values.stack}.yaml\n`, 2);
      await sandboxUp(home, progress, { nodes });
      if (values.stack !== DEFAULT_STACK) {
        const { prepareStack } = await import("./stacks.js");
        await prepareStack(home, values.stack);
      }
      return runCommand(command, sandboxEnvironment(home, values.stack));
    }
  }
}

/** Where our own options end and the command begins: at the first word that is no option or option's value. */
function commandStart(words: readonly string[]): number {
  let index = 0;
  while (index < words.length) {
    const word = words[index] ?? "";
    if (word === "--") return index + 1;
    if (!word.startsWith("-")) return index;
    index += word === "--home" || word === "--stack" ? 2 : 1;
  }
  return index;
}

function say(text: string, code: number): number {
  (code === 0 ? process.stdout : process.stderr).write(text);
  return code;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
