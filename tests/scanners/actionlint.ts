import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { fillFolder, toolFolder } from "../../sandbox/toolchain/cache";
import { run } from "../../sandbox/toolchain/commands";

const VERSION = "1.7.8";

/** Findings in workflow files, as `FILE:LINE:COLUMN: MESSAGE [KIND]`; none for files that are right. */
export type Actionlint = (files: readonly string[]) => readonly string[];

/** actionlint built from the Go proxy into the tool cache, in a quarter of a minute the first time. Checks need no network. */
export async function actionlint(): Promise<Actionlint> {
  const folder = toolFolder("actionlint", VERSION);
  await fillFolder(folder, install, (detail) => process.stderr.write(`actionlint ${VERSION}: ${detail}\n`));
  return (files) => lint(path.join(folder, "actionlint"), files);
}

async function install(folder: string): Promise<void> {
  process.stderr.write(`actionlint ${VERSION}: building\n`);
  const env = { GOBIN: folder, CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOFLAGS: "-trimpath" };
  await run("go", ["install", `github.com/rhysd/actionlint/cmd/actionlint@v${VERSION}`], { env });
}

/** Without shellcheck and pyflakes, which some machines have and some have not. */
function lint(program: string, files: readonly string[]): readonly string[] {
  const { status, stdout, stderr } = spawnSync(program, ["-oneline", "-no-color", "-shellcheck=", "-pyflakes=", ...files], { encoding: "utf8" });
  if (status !== 0 && status !== 1) throw new Error(`actionlint ended with ${status}: ${stderr}`);
  return stdout.split("\n").filter((line) => line !== "");
}
