import { createReadStream, existsSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { oneOf } from "../../components/plan/spelling";
import { type Answer, EXIT, UsageError } from "../command";
import { PUBLIC_ARM } from "../live/arm";
import type { AskingAzure } from "../live/findings";
import { readPriceFile } from "../prices/price-file";
import { withLive } from "./ask-azure";
import { askingOf, LIVE_OPTIONS } from "./live-options";
import { reportOf } from "./model/report";
import { readPreview } from "./read/read";
import { FORMATS, LEAST_CHARACTERS, MOST_CHARACTERS, rendered, type ReportFormat } from "./render/render";

export const HELP = `aks-fine-tuning report: what a Pulumi preview means, for the people who review it.

  aks-fine-tuning report [FILE] [OPTIONS]

  FILE                         what pulumi preview --json printed; - or none: standard input
  --format FORMAT              ${FORMATS.join(", ")} (default text)
  --stack NAME                 name to show and to mark the comment with (default: the preview's)
  --budget-usd-per-hour N      most that all GPU nodes together may cost in an hour
  --prices FILE                prices that aks-fine-tuning prices --refresh wrote
  --max-characters N           most characters, from ${LEAST_CHARACTERS} (default ${MOST_CHARACTERS}); not for json
  --output FILE                write the report there instead of printing it
  --live                       ask Azure too: quota left, sizes offered in regions and zones
  --subscription ID            which to ask about (default: ARM_SUBSCRIPTION_ID, else the preview's,
                               else that of az login)
  --endpoint URL               Azure Resource Manager, for sovereign clouds and proxies
                               (default ${PUBLIC_ARM})
  --timeout-seconds N          for each answer of Azure (default 15)
  --help                       this text

Both forms of pulumi preview --json are read: the digest, which has resources that stay with
--show-sames only, and the stream of events that PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true makes of
it. A preview that failed, changes nothing or was cut off has a report too. The same input gives the
same report; its first line in Markdown is <!-- aks-fine-tuning report: STACK -->, by which a
workflow finds the comment to edit. Secrets are never in it.

With --live the report depends on the moment too: the same input may give another report. Azure is
asked about GPU pools as they will be, with ARM_ACCESS_TOKEN, else with a pipeline's identity
(ARM_USE_OIDC), else with that of az login, and nothing is changed. What it does not answer is said
in one line, and changes neither the rest of the report nor the exit code. Behind a proxy set
NODE_USE_ENV_PROXY=1.

JSON has schema, stack, outcome (complete, failed, cut off, empty, not a preview), counts, losses,
messages, runs, services, cost, quota, endings, unpinned, leavesOutUnchanged, resources and lines,
and with --live live (quota, sizes, unasked).

Examples
  aks-fine-tuning report preview.json --format github --output comment.md
  pulumi preview --json --show-sames | npx aks-fine-tuning report --budget-usd-per-hour 20
  aks-fine-tuning report preview.json --live --format github --output comment.md

Exit codes: 0 reported, whatever the preview says; 1 the input is no preview, or the prices are
refused; 2 wrong usage.
`;

/** What the command prints. Throws RunError and UsageError for what it cannot read. `asking` is what a test replaces. */
export async function report(args: readonly string[], input: AsyncIterable<Uint8Array> = process.stdin, asking: Partial<AskingAzure> = {}): Promise<string | Answer> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      format: { type: "string", default: "text" },
      stack: { type: "string" },
      "budget-usd-per-hour": { type: "string" },
      prices: { type: "string" },
      "max-characters": { type: "string", default: String(MOST_CHARACTERS) },
      output: { type: "string" },
      ...LIVE_OPTIONS,
    },
  });
  const [file = "-", ...others] = positionals;
  if (others.length > 0) throw new UsageError(`one FILE at most, got ${positionals.length}: ${positionals.join(", ")}`);
  const format = formatOf(values.format);
  const most = charactersOf(values["max-characters"]);
  const budgetUsdPerHour = budgetOf(values["budget-usd-per-hour"]);
  const prices = values.prices === undefined ? undefined : pricesOf(values.prices);
  if (values.output !== undefined) checkOutput(values.output);
  const azure = askingOf(values, asking);
  const preview = await readPreview(file === "-" ? input : opened(file));
  const plain = reportOf(preview, { stack: stackOf(values.stack), budgetUsdPerHour, prices });
  const result = azure === undefined ? plain : await withLive(plain, preview, azure);
  const text = rendered(result, format, most);
  const code = result.outcome === "empty" || result.outcome === "not a preview" ? EXIT.refused : EXIT.done;
  if (values.output === undefined) return { text, code };
  writeFileSync(values.output, text);
  return { text: "", code };
}

function formatOf(text: string): ReportFormat {
  const found = FORMATS.find((format) => format === text);
  if (found === undefined) throw new UsageError(`--format ${text}: ${oneOf(text, FORMATS)}`);
  return found;
}

function charactersOf(text: string): number {
  const most = Number(text);
  if (text.trim() === "" || !Number.isInteger(most) || most < LEAST_CHARACTERS) throw new UsageError(`--max-characters ${text}: is no whole number from ${LEAST_CHARACTERS}`);
  return most;
}

function budgetOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const budget = Number(text);
  if (text.trim() === "" || !Number.isFinite(budget) || budget < 0) throw new UsageError(`--budget-usd-per-hour ${text}: is no number of USD from 0`);
  return budget;
}

function stackOf(text: string | undefined): string | undefined {
  if (text !== undefined && text.trim() === "") throw new UsageError("--stack : is empty; leave it out to take the preview's own");
  return text;
}

function pricesOf(file: string): ReturnType<typeof readPriceFile> {
  if (!existsSync(file)) throw new UsageError(`--prices ${file}: no such file`);
  return readPriceFile(file);
}

function checkOutput(file: string): void {
  const folder = path.dirname(path.resolve(file));
  if (!existsSync(folder)) throw new UsageError(`--output ${file}: ${folder} does not exist`);
}

function opened(file: string): AsyncIterable<Uint8Array> {
  if (!existsSync(file)) throw new UsageError(`${file}: no such file`);
  if (statSync(file).isDirectory()) throw new UsageError(`${file}: is a folder; give the file that pulumi preview --json was written to`);
  return createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>;
}
