#!/usr/bin/env node
import { RunError } from "@pulumi/pulumi/errors";
import { size } from "./size";

const HELP = `aks-fine-tuning: sizing and reporting for fine-tuning on AKS.

  aks-fine-tuning size --model NAME --method lora|qlora --sequence-length TOKENS [OPTIONS]

Run a command with --help for its options.
Exit codes: 0 done, 1 refused, 2 wrong usage.
`;

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => string>> = { size };

function main(argv: readonly string[]): number {
  const [name = "--help", ...args] = argv;
  if (name === "--help" || name === "-h") {
    process.stdout.write(HELP);
    return 0;
  }
  const command = COMMANDS[name];
  if (!command) {
    process.stderr.write(`unknown command "${name}"\n\n${HELP}`);
    return 2;
  }
  try {
    process.stdout.write(command(args));
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof RunError ? 1 : 2;
  }
}

process.exitCode = main(process.argv.slice(2));
