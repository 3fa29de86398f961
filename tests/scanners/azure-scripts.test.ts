import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";

const SCRIPT = path.resolve(__dirname, "..", "..", ".azure-pipelines", "comment.sh");
const MARKER = "<!-- aks-fine-tuning report: prod -->";
const NASTY = `${MARKER}\n### prod\n\`\`\`\n"quotes" 'single' \`touch /tmp/x\` $HOME $(id) \\n @file %s é €\n\`\`\`\n`;
const THREADS = "/org/project/_apis/git/repositories/repo/pullRequests/7/threads";

interface Written {
  readonly method: string;
  readonly place: string;
  readonly body: unknown;
}

let server: Server;
let pages: readonly (readonly unknown[])[];
let written: Written[];
let reads: string[];
let status: number;

beforeEach(async () => {
  pages = [[]];
  written = [];
  reads = [];
  status = 200;
  server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (part: string) => (text += part));
    request.on("end", () => {
      const url = new URL(request.url ?? "/", "http://loopback");
      if (request.headers.authorization !== "Bearer s3cret") return void response.writeHead(401).end();
      if (status !== 200) return void response.writeHead(status).end();
      if (request.method !== "GET") {
        written.push({ method: request.method ?? "", place: `${url.pathname}${url.search}`, body: JSON.parse(text) });
        return void response.end("{}");
      }
      reads.push(`${url.pathname}${url.search}`);
      const page = Number(url.searchParams.get("continuationToken") ?? 0);
      const more = page + 1 < pages.length ? { "x-ms-continuationtoken": String(page + 1) } : {};
      response.writeHead(200, { "content-type": "application/json", ...more }).end(JSON.stringify({ value: pages[page], count: pages[page]?.length }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
});

function comment(report: string, token = "s3cret"): Promise<{ readonly code: number | null; readonly output: string }> {
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), "aksft-report-")), "report.md");
  writeFileSync(file, report);
  const env = {
    PATH: process.env["PATH"] ?? "",
    SYSTEM_ACCESSTOKEN: token,
    SYSTEM_COLLECTIONURI: `http://127.0.0.1:${(server.address() as AddressInfo).port}/org/`,
    SYSTEM_TEAMPROJECTID: "project",
    BUILD_REPOSITORY_ID: "repo",
    SYSTEM_PULLREQUEST_PULLREQUESTID: "7",
  };
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(SCRIPT, [file], { env });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.once("close", (code) => resolve({ code, output }));
  });
}

const thread = (id: number, content: string | undefined, more: object = {}) => ({ id, isDeleted: false, comments: [{ id: 1, content }], ...more });

describe("comment.sh of Azure Pipelines", () => {
  it("writes a first thread, closed, to the letter", async () => {
    expect(await comment(NASTY)).toEqual({ code: 0, output: "" });
    expect(written).toEqual([{ method: "POST", place: `${THREADS}?api-version=7.1`, body: { status: "closed", comments: [{ content: NASTY, commentType: "text" }] } }]);
  });

  it("edits the thread that it finds on the second page, and none that is deleted, empty or another stack's", async () => {
    pages = [
      [thread(1, undefined), thread(2, `${MARKER}\n`, { isDeleted: true }), thread(3, "<!-- aks-fine-tuning report: prod-support -->"), { id: 8, comments: [] }],
      [thread(4, `${MARKER}\nold`, { comments: [{ id: 1, isDeleted: true, content: `${MARKER}\nold` }] }), thread(5, `${MARKER}\nold`), thread(6, `${MARKER}\nolder`)],
    ];
    expect(await comment(NASTY)).toEqual({ code: 0, output: "" });
    expect(reads).toEqual([`${THREADS}?api-version=7.1`, `${THREADS}?api-version=7.1&continuationToken=1`]);
    expect(written).toEqual([{ method: "PATCH", place: `${THREADS}/5/comments/1?api-version=7.1`, body: { content: NASTY } }]);
  });

  it("writes nothing without a marker", async () => {
    pages = [[thread(1, "anything")]];
    const { code, output } = await comment("\nno marker\n");
    expect({ code, written, reads }).toEqual({ code: 1, written: [], reads: [] });
    expect(output).toMatch(/does not begin with a report's marker\n$/);
  });

  it("fails, and names no token, where it may not read or Azure is out of order", async () => {
    const refused = await comment(NASTY, "wr0ng");
    status = 503;
    const broken = await comment(NASTY);
    expect([refused.code, broken.code, written]).toEqual([22, 22, []]);
    expect(refused.output + broken.output).toMatch(/401[^]*503/);
    expect(refused.output + broken.output).not.toMatch(/wr0ng|s3cret/);
  });
});
