import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { digestProblems, planDatasetImage } from "../../components/plan/dataset-image";
import { describe as line } from "../../components/plan/refuse";
import { messageOf, problemsOf } from "../support/refusal";
import { byDigest } from "../support/tiny-recipe";

const folder = mkdtempSync(path.join(os.tmpdir(), "dataset-image-"));
const file = path.join(folder, "rows.jsonl");
const ROW = '{"prompt":"hi","completion":"hello"}';

afterAll(() => rmSync(folder, { recursive: true }));

describe("planDatasetImage", () => {
  it("builds an image of a file's canonical rows", () => {
    writeFileSync(file, `${ROW}\n\n${ROW}\n`);
    const canonical = '{"messages":[{"content":"hi","role":"user"},{"content":"hello","role":"assistant"}]}\n';
    expect(planDatasetImage("tickets", { file })).toEqual({
      kind: "build",
      jsonl: canonical + canonical,
      contentKey: "b8f6cee6aecd994b",
      rows: 2,
    });
  });

  it("takes the key of a ready image from its digest", () => {
    const image = `mlreg.azurecr.io/tickets@sha256:${"0123456789abcdef".repeat(4)}`;
    expect(planDatasetImage("tickets", { image })).toEqual({ kind: "ready", image, contentKey: "0123456789abcdef", rows: undefined });
  });

  it("lists the faulty name and every faulty line together", () => {
    writeFileSync(file, `${ROW}\n{\n${ROW}\n[]\n`);
    expect(problemsOf(() => planDatasetImage("Tickets", { file })).map((problem) => problem.split(": got")[0])).toEqual([
      "AKSFT-NAME-04 name",
      `AKSFT-DATA-01 ${file}:2`,
      `AKSFT-DATA-01 ${file}:4`,
    ]);
  });

  it("refuses a faulty name with faultless rows", () => {
    writeFileSync(file, ROW);
    expect(problemsOf(() => planDatasetImage("Tickets", { file }))).toHaveLength(1);
  });

  it("says that a file is missing, beside a faulty name", () => {
    expect(messageOf(() => planDatasetImage("Tickets", { file: "none.jsonl" }))).toBe(
      'DatasetImage "Tickets" cannot be deployed:\n' +
        '- AKSFT-NAME-04 name: got "Tickets"; needs 1 to 40 lower-case letters, digits and hyphens, with a letter or digit at both ends, ' +
        'has 7 characters; fix: use for example "tickets"\n' +
        '- AKSFT-DATA-03 file: got "none.jsonl"; no such file; fix: give the path from the project\'s folder',
    );
  });

  it("refuses a moving tag, beside a faulty name", () => {
    expect(problemsOf(() => planDatasetImage("Tickets", { image: "mlreg.azurecr.io/tickets:latest" }))).toHaveLength(2);
  });
});

describe("digestProblems", () => {
  const problems = (image: string): string[] => digestProblems("AKSFT-DATA-04", "image", image).map(line);
  const fix = 'fix: use the form "registry/repository@sha256:…" with 64 hexadecimal digits; crane digest prints it';

  it.each(["mlreg.azurecr.io/tickets:latest", "mlreg.azurecr.io/tickets:v1", "MyOrg/Data:v1"])("says that the tag of %p can move", (image) => {
    expect(problems(image)).toEqual([`AKSFT-DATA-04 image: got "${image}"; a tag can move, so the same run could train on other data; ${fix}`]);
  });

  it.each(["mlreg.azurecr.io/tickets", "", "mlreg.azurecr.io/tickets@sha256:abc"])("says that %p is no reference by digest", (image) => {
    expect(problems(image)).toEqual([`AKSFT-DATA-04 image: got "${image}"; is not an image reference by digest; ${fix}`]);
  });

  it("accepts a digest with or without a tag", () => {
    expect(problems(byDigest("mlreg.azurecr.io/tickets", "a"))).toEqual([]);
    expect(problems(byDigest("mlreg.azurecr.io/tickets:v1", "a"))).toEqual([]);
  });
});
