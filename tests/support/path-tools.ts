import { mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** What a program of the PATH prints and how it ends; its arguments are appended to a file beside it. */
export interface FakeTool {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
  /** Answers by the first argument, in place of the above. */
  readonly of?: Readonly<Record<string, Omit<FakeTool, "of">>>;
}

/** A folder with programs of these names and nothing else but node, for PATH. */
export function toolFolder(tools: Readonly<Record<string, FakeTool>>): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "aksft-tools-"));
  symlinkSync(process.execPath, path.join(folder, "node"));
  for (const [name, tool] of Object.entries(tools)) {
    const script = [
      `#!${process.execPath}`,
      `const tool = ${JSON.stringify(tool)};`,
      `const args = process.argv.slice(2);`,
      `require("node:fs").appendFileSync(${JSON.stringify(path.join(folder, `${name}.calls`))}, args.join(" ") + "\\n");`,
      `const { stdout = "", stderr = "", code = 0 } = tool.of?.[args[0]] ?? tool;`,
      `process.stdout.write(stdout); process.stderr.write(stderr); process.exitCode = code;`,
    ];
    writeFileSync(path.join(folder, name), script.join("\n"), { mode: 0o755 });
  }
  return folder;
}
