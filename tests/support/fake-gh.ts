import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** A call that changes something, as GitHub would have got it. */
export interface GhCall {
  readonly args: readonly string[];
  /** Of `--field body=@FILE`, and of `--body-file FILE`. */
  readonly body?: string;
}

export interface FakeGh {
  /** Folder for the PATH. */
  readonly folder: string;
  calls(): readonly GhCall[];
}

/**
 * The GitHub CLI as far as the scripts use it: `gh api` prints each page of a list as an array of its own, one after the other, as the real one does without
 * `--slurp`; `--field body=@FILE` sends the file's text; `--jq` is handed to jq.
 */
export function fakeGh(answers: Readonly<Record<string, readonly unknown[]>>): FakeGh {
  const folder = mkdtempSync(path.join(os.tmpdir(), "aksft-gh-"));
  const log = path.join(folder, "calls.jsonl");
  writeFileSync(log, "");
  const script = `#!${process.execPath}
const { appendFileSync, readFileSync } = require("node:fs");
const { spawnSync } = require("node:child_process");
const answers = ${JSON.stringify(answers)};
const args = process.argv.slice(2);
const after = (option) => args[args.indexOf(option) + 1];
if (!process.env.GH_TOKEN) { console.error("gh: To use GitHub CLI, set the GH_TOKEN environment variable."); process.exit(4); }
if (args[0] === "api" && !args.includes("--method")) {
  const place = args.slice(1).find((arg) => arg.startsWith("repos/"));
  const pages = answers[place];
  if (!pages) { console.error("gh: Not Found (HTTP 404)"); process.exit(1); }
  const shown = args.includes("--paginate") ? pages : pages.slice(0, 1);
  const text = shown.map((page) => JSON.stringify(page)).join("");
  process.stdout.write(args.includes("--jq") ? spawnSync("jq", ["--raw-output", after("--jq")], { input: text, encoding: "utf8" }).stdout : text);
} else if (args[0] === "issue" && args[1] === "list") {
  process.stdout.write(JSON.stringify(answers.issues[0]));
} else {
  const field = args.includes("--field") ? after("--field") : undefined;
  const file = field?.startsWith("body=@") ? field.slice(6) : args.includes("--body-file") ? after("--body-file") : undefined;
  appendFileSync(${JSON.stringify(log)}, JSON.stringify({ args, body: file && readFileSync(file, "utf8") }) + "\\n");
}
`;
  writeFileSync(path.join(folder, "gh"), script, { mode: 0o755 });
  const calls = (): readonly GhCall[] =>
    readFileSync(log, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as GhCall);
  return { folder, calls };
}
