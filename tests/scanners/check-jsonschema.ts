import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fillFolder, toolFolder } from "../../sandbox/toolchain/cache";
import { run } from "../../sandbox/toolchain/commands";

const VERSION = "0.39.0";

export interface CheckJsonschema {
  /** What a schema of the program's own finds wrong with a document; undefined where it is right. */
  faults(schema: "azure-pipelines" | "github-workflows", document: unknown): string | undefined;
}

/** check-jsonschema in an environment of its own in the tool cache: it carries the schemas that Microsoft and SchemaStore publish. Checks need no network. */
export async function checkJsonschema(): Promise<CheckJsonschema> {
  const folder = toolFolder("check-jsonschema", VERSION);
  await fillFolder(folder, install, (detail) => process.stderr.write(`check-jsonschema ${VERSION}: ${detail}\n`));
  return { faults: (schema, document) => faults(path.join(folder, "bin", "python"), schema, document) };
}

async function install(folder: string): Promise<void> {
  process.stderr.write(`check-jsonschema ${VERSION}: installing from PyPI\n`);
  await run("python3", ["-m", "venv", folder]);
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
  await run(path.join(folder, "bin", "python"), ["-m", "pip", "install", ...quiet, `check-jsonschema==${VERSION}`]);
}

/** The module and not the script beside it: the script names the folder that the environment was made in. */
function faults(python: string, schema: string, document: unknown): string | undefined {
  const folder = mkdtempSync(path.join(os.tmpdir(), "jsonschema-"));
  try {
    const file = path.join(folder, "document.json");
    writeFileSync(file, JSON.stringify(document));
    // Some patterns of Microsoft's schema are written for Python's or JavaScript's lenient kind of regular expressions.
    const flags = ["--builtin-schema", `vendor.${schema}`, "--regex-variant", "python"];
    const { status, stdout, stderr } = spawnSync(python, ["-m", "check_jsonschema", ...flags, file], { encoding: "utf8", maxBuffer: 2 ** 26 });
    if (status === 0) return undefined;
    if (stderr.includes("Traceback") || status !== 1) throw new Error(`check-jsonschema ended with ${status}: ${stderr}`);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
