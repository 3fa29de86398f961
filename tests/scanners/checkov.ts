import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fillFolder, toolFolder } from "../../sandbox/toolchain/cache";
import { run } from "../../sandbox/toolchain/commands";

const VERSION = "3.3.30";

/** Verdicts of one scan: check → whether each resource it looked at passed. A check that looked at nothing is absent. */
export type Verdicts = ReadonlyMap<string, readonly Verdict[]>;

export interface Verdict {
  readonly resource: string;
  readonly passed: boolean;
}

export interface Checkov {
  scan(framework: "arm" | "kubernetes", document: string): Verdicts;
}

/** Checkov in an environment of its own in the tool cache; the first time takes a minute and PyPI. Scans need no network. */
export async function checkov(): Promise<Checkov> {
  const folder = toolFolder("checkov", VERSION);
  await fillFolder(folder, install, (detail) => process.stderr.write(`checkov ${VERSION}: ${detail}\n`));
  return { scan: (framework, document) => scan(path.join(folder, "bin", "python"), framework, document) };
}

async function install(folder: string): Promise<void> {
  process.stderr.write(`checkov ${VERSION}: installing from PyPI\n`);
  await run("python3", ["-m", "venv", folder]);
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
  await run(path.join(folder, "bin", "python"), ["-m", "pip", "install", ...quiet, `checkov==${VERSION}`]);
}

interface Report {
  readonly results: { readonly passed_checks: readonly Finding[]; readonly failed_checks: readonly Finding[]; readonly parsing_errors: readonly string[] };
}

interface Finding {
  readonly check_id: string;
  readonly resource: string;
}

/** The module and not the script beside it: the script names the folder that the environment was made in. */
function scan(python: string, framework: string, document: string): Verdicts {
  const folder = mkdtempSync(path.join(os.tmpdir(), "checkov-"));
  try {
    const file = path.join(folder, framework === "arm" ? "template.json" : "objects.yaml");
    writeFileSync(file, document);
    const flags = ["--framework", framework, "--skip-download", "--compact", "-o", "json"];
    const { stdout, stderr } = spawnSync(python, ["-m", "checkov.main", "-f", file, ...flags], {
      encoding: "utf8",
      maxBuffer: 2 ** 26,
      // No account, no proxy, no telemetry: what is scanned stays here.
      env: { ...process.env, CHECKOV_RUN_SCA_PACKAGE_SCAN_V2: "false", LOG_LEVEL: "ERROR" },
    });
    return verdictsOf(stdout, stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function verdictsOf(stdout: string, stderr: string): Verdicts {
  const printed = stdout.slice(stdout.indexOf("{"));
  let report: Partial<Report>;
  try {
    report = JSON.parse(printed) as Partial<Report>;
  } catch {
    throw new Error(`checkov printed no report: ${stdout}${stderr}`);
  }
  const { results } = report;
  if (!results || results.parsing_errors.length > 0) throw new Error(`checkov could not read the document: ${stdout}`);
  const verdicts = new Map<string, Verdict[]>();
  const add = (passed: boolean) => (finding: Finding) => {
    verdicts.set(finding.check_id, [...(verdicts.get(finding.check_id) ?? []), { resource: finding.resource, passed }]);
  };
  results.passed_checks.forEach(add(true));
  results.failed_checks.forEach(add(false));
  return verdicts;
}
