import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type FakeGh, fakeGh } from "../support/fake-gh";

const SCRIPTS = path.resolve(__dirname, "..", "..", ".github", "scripts");
const COMMENTS = "repos/org/project/issues/7/comments?per_page=100";
const MARKER = "<!-- aks-fine-tuning report: prod -->";
/** What shells, JSON and templates like to eat. */
const NASTY = `${MARKER}\n### prod\n\`\`\`\n"quotes" 'single' \`touch /tmp/x\` $HOME $(id) \\n {owner} @file %s é €\n\`\`\`\n`;

const bot = (id: number, body: string) => ({ id, user: { type: "Bot", login: "github-actions[bot]" }, body });
const person = (id: number, body: string) => ({ id, user: { type: "User", login: "mallory" }, body });

function file(text: string, name = "report.md", folder = mkdtempSync(path.join(os.tmpdir(), "aksft-report-"))): string {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
}

function run(gh: FakeGh, script: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const env = { PATH: `${gh.folder}:${process.env["PATH"] ?? ""}`, GH_TOKEN: "token", GITHUB_REPOSITORY: "org/project", PULL_REQUEST: "7", ...environment };
  const { status, stdout, stderr } = spawnSync(path.join(SCRIPTS, script), args, { encoding: "utf8", env });
  return { status, stdout, stderr };
}

const DONE = { status: 0, stdout: "", stderr: "" };

describe("comment.sh", () => {
  it("writes a first comment, to the letter", () => {
    const gh = fakeGh({ [COMMENTS]: [[]] });
    expect(run(gh, "comment.sh", [file(NASTY)])).toEqual(DONE);
    expect(gh.calls()).toEqual([{ args: ["api", "--method", "POST", "repos/org/project/issues/7/comments", "--field", expect.stringMatching(/^body=@/), "--silent"], body: NASTY }]);
  });

  it("edits the comment that it finds on the second page, and neither another stack's nor a person's", () => {
    const pages = [
      [person(1, NASTY), bot(2, "<!-- aks-fine-tuning report: prod-support -->\n")],
      [bot(3, `about ${MARKER}`), bot(4, `${MARKER}\nold`), bot(5, `${MARKER}\nolder`)],
    ];
    const gh = fakeGh({ [COMMENTS]: pages });
    expect(run(gh, "comment.sh", [file(NASTY)])).toEqual(DONE);
    expect(gh.calls()).toEqual([{ args: ["api", "--method", "PATCH", "repos/org/project/issues/comments/4", "--field", expect.stringMatching(/^body=@/), "--silent"], body: NASTY }]);
  });

  it.each(["", "\n", "Preview of prod\n", "<!-- -->\n", `${MARKER} and more\n`])("writes nothing where the report begins with %j", (text) => {
    const gh = fakeGh({ [COMMENTS]: [[bot(1, "anything")]] });
    const report = file(text);
    expect(run(gh, "comment.sh", [report])).toEqual({ status: 1, stdout: "", stderr: `${report} does not begin with a report's marker\n` });
    expect(gh.calls()).toEqual([]);
  });

  it("writes nothing where the comments cannot be read: it would be a second one", () => {
    const gh = fakeGh({});
    expect(run(gh, "comment.sh", [file(NASTY)])).toMatchObject({ status: 1, stderr: expect.stringContaining("HTTP 404") as unknown });
    expect(gh.calls()).toEqual([]);
  });
});

describe("stand-in.sh", () => {
  it("says that there is no report, under the marker of the next one, and leaves one that there is", () => {
    const environment = { STACK: "prod", RUN_URL: "https://github.com/org/project/actions/runs/1" };
    const [none, some] = [file(""), file(NASTY)];
    for (const report of [none, some]) expect(run(fakeGh({}), "stand-in.sh", [report], environment)).toEqual(DONE);
    expect(readFileSync(none, "utf8")).toBe(`${MARKER}\n### prod: the preview did not run\n\nNothing is known of this commit; see [the log](${environment.RUN_URL}).\n`);
    expect(readFileSync(some, "utf8")).toBe(NASTY);
  });
});

describe("fork-report.sh", () => {
  const PULL = "repos/org/project/pulls/7";
  const environment = { HEAD: "abc", HEAD_REPOSITORY: "99" };
  const answer = (sha: string, id: number | null, state = "open") => ({ [PULL]: [{ head: { sha, repo: id === null ? null : { id } }, state }] });

  function fork(report: string, number = "7\n"): string {
    return path.dirname(file(number, "pull-request", path.dirname(file(report))));
  }

  it("puts a marker and a warning of its own before whatever the fork says", () => {
    const folder = fork(NASTY);
    const output = path.join(folder, "out.md");
    expect(run(fakeGh(answer("abc", 99)), "fork-report.sh", [folder, output], environment)).toEqual({ ...DONE, stdout: "7\n" });
    const [marker, note, warning, empty, ...rest] = readFileSync(output, "utf8").split("\n");
    expect([marker, note, empty]).toEqual(["<!-- aks-fine-tuning report: fork -->", "> [!WARNING]", ""]);
    expect(warning).toMatch(/^> Written by the code of this pull request/);
    expect(rest.join("\n")).toBe(NASTY);
  });

  it("ends where a comment does, not within a character", () => {
    const folder = fork("€".repeat(40_000));
    const output = path.join(folder, "out.md");
    run(fakeGh(answer("abc", 99)), "fork-report.sh", [folder, output], environment);
    const text = readFileSync(output, "utf8");
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536);
    expect(text).toMatch(/€$/);
    expect(text).not.toContain("\uFFFD");
  });

  it.each([
    ["another commit", answer("def", 99)],
    ["the same commit in a pull request of another repository", answer("abc", 1)],
    ["a repository that is gone", answer("abc", null)],
    ["a pull request that is closed", answer("abc", 99, "closed")],
  ])("refuses %s", (_, answers) => {
    const result = run(fakeGh(answers), "fork-report.sh", [fork(NASTY), "/dev/null"], environment);
    expect(result).toEqual({ status: 1, stdout: "", stderr: "pull request 7 is not of this run\n" });
  });

  it("refuses what is no number, and takes of one its digits", () => {
    expect(run(fakeGh({}), "fork-report.sh", [fork(NASTY, "; id\n"), "/dev/null"], environment)).toEqual({ status: 1, stdout: "", stderr: "no number of a pull request\n" });
    expect(run(fakeGh(answer("abc", 99)), "fork-report.sh", [fork(NASTY, "../7$()\n"), "/dev/null"], environment)).toMatchObject({ status: 0, stdout: "7\n" });
  });

  it("follows no link out of the folder", () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "aksft-report-"));
    file("7\n", "pull-request", folder);
    symlinkSync("/proc/self/environ", path.join(folder, "report.md"));
    expect(run(fakeGh(answer("abc", 99)), "fork-report.sh", [folder, "/dev/null"], environment)).toMatchObject({ status: 1, stderr: `${folder}/report.md is no file\n` });
  });
});

describe("drift-issue.sh", () => {
  const issues = { issues: [[{ number: 3, title: "drift of prod-support" }, { number: 4, title: "drift of prod" }]] };
  const drifted = (answers: Readonly<Record<string, readonly unknown[]>>, LOOKED: string) => {
    const gh = fakeGh(answers);
    const report = file(NASTY);
    expect(run(gh, "drift-issue.sh", [report], { STACK: "prod", GH_REPO: "org/project", LOOKED })).toEqual(DONE);
    return gh.calls().map(({ args, body }) => ({ command: args.filter((arg) => arg !== report).join(" "), body }));
  };

  it("opens an issue, writes into the one that is open, and closes it when the drift is gone", () => {
    expect(drifted({ issues: [[]] }, "failure")).toEqual([{ command: "issue create --title drift of prod --body-file", body: NASTY }]);
    expect(drifted(issues, "failure")).toEqual([{ command: "issue edit 4 --body-file", body: NASTY }]);
    expect(drifted(issues, "success")).toEqual([{ command: "issue close 4 --comment Nothing differs any more.", body: undefined }]);
    expect(drifted({ issues: [[]] }, "success")).toEqual([]);
  });
});
