#!/usr/bin/env node
import { RunError } from "@pulumi/pulumi/errors";
import { oneOf } from "../components/plan/spelling";
import { EXIT, type ExitCode, UsageError } from "./command";
import { COMMANDS } from "./commands";
import { RetailPricesError } from "./prices/retail-prices";
import { RegistryError } from "./registry/digest";

const LONGEST_NAME = Math.max(...Object.keys(COMMANDS).map((name) => name.length));

const HELP = `aks-fine-tuning: sizing and upkeep of fine-tuning on AKS.

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  aks-fine-tuning ${name.padEnd(LONGEST_NAME)}  ${summary}`)
  .join("\n")}

Run a command with --help for its options and examples.
Exit codes: 0 done, 1 refused, behind, missing or no prices, 2 wrong usage, 3 a registry or Azure could
not be asked.
`;

async function main(argv: readonly string[]): Promise<ExitCode> {
  const [name = "--help", ...args] = argv;
  if (name === "--help" || name === "-h") return print(HELP);
  const listed = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!listed) return complain(`unknown command "${name}": ${oneOf(name, Object.keys(COMMANDS))}`, EXIT.usage);
  const command = await listed.load();
  if (args.includes("--help") || args.includes("-h")) return print(command.help);
  try {
    const answer = await command.run(args);
    return typeof answer === "string" ? print(answer) : print(answer.text, answer.code);
  } catch (error) {
    return complain(`${error instanceof Error ? error.message : String(error)}${isParseError(error) ? `; aks-fine-tuning ${name} --help lists the options` : ""}`, codeOf(error));
  }
}

/** Refusals end with 1, and so does a price list that gives no prices. What is left is a fault of the command line: `parseArgs` and the commands throw plain errors for those. */
function codeOf(error: unknown): ExitCode {
  if (RunError.isInstance(error) || error instanceof RetailPricesError) return EXIT.refused;
  if (error instanceof UsageError) return EXIT.usage;
  return error instanceof RegistryError ? EXIT.unreachable : EXIT.usage;
}

/** Node says which option is wrong, and not what to do about it. */
function isParseError(error: unknown): boolean {
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS_");
}

function print(text: string, code: ExitCode = EXIT.done): ExitCode {
  process.stdout.write(text);
  return code;
}

function complain(text: string, code: ExitCode): ExitCode {
  process.stderr.write(`${text}\n`);
  return code;
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
