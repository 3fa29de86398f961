import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { digestProblems, planDatasetImage } from "../../components/plan/dataset-image";
import { describe as line } from "../../components/plan/refuse";
import { messageOf, problemsOf, proposed } from "../support/refusal";
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
      repository: "datasets/tickets",
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

  it("keeps a repository that was decided, and refuses one that no registry takes", () => {
    writeFileSync(file, ROW);
    expect(planDatasetImage("tickets", { file, repository: "team/a_b--c.d" })).toMatchObject({ repository: "team/a_b--c.d" });
    expect(problemsOf(() => planDatasetImage("tickets", { file, repository: "MyOrg/Data:v1" }))).toEqual([
      'AKSFT-DATA-05 repository: got "MyOrg/Data:v1"; needs lower-case letters and digits in parts between slashes, with single ".", "_" or "-" ' +
        'inside them, at most 255 characters, has 13; fix: use for example "myorg/data-v1"',
    ]);
  });

  it("refuses two sources, none, and a builder that it has not, together", () => {
    writeFileSync(file, ROW);
    const two: { file: string; image: string; builder: "docker" } = JSON.parse(
      JSON.stringify({ file, image: byDigest("mlreg.azurecr.io/tickets", "a"), builder: "acr" }),
    );
    expect(problemsOf(() => planDatasetImage("tickets", two))).toEqual([
      'AKSFT-DATA-06 file: got ["file","image"]; a dataset comes from a file or from a ready image, from one of the two; fix: remove file or image',
      'AKSFT-DATA-07 builder: got "acr"; images are built by docker; a registry\'s own tasks cannot build into one that is private; ' +
        'fix: use "docker", or build the image elsewhere and give it as image',
    ]);
    const none: { file: string } = JSON.parse("{}");
    expect(problemsOf(() => planDatasetImage("tickets", none))[0]).toBe(
      "AKSFT-DATA-06 file: got nothing; a dataset comes from a file or from a ready image, from one of the two; " +
        'fix: give file, for example "data/tickets.jsonl", or image',
    );
  });

  it("refuses a moving tag, beside a faulty name", () => {
    expect(problemsOf(() => planDatasetImage("Tickets", { image: "mlreg.azurecr.io/tickets:latest" }))).toHaveLength(2);
  });
});

describe("digestProblems", () => {
  const problems = (image: string): string[] => digestProblems("AKSFT-DATA-04", "image", image).map(line);
  const fix = 'fix: use the form "registry/repository@sha256:…" with 64 hexadecimal digits; crane digest prints it';

  it.each(["mlreg.azurecr.io/tickets:latest", "mlreg.azurecr.io:443/tickets:v1"])("says that the tag of %p can move", (image) => {
    expect(problems(image)).toEqual([`AKSFT-DATA-04 image: got "${image}"; a tag can move, so the same run could train on other data; ${fix}`]);
  });

  it.each(["mlreg.azurecr.io/tickets", "", "mlreg.azurecr.io/tickets@sha256:abc", "localhost:5000/tickets"])("says that %p is no reference by digest", (image) => {
    expect(problems(image)).toEqual([`AKSFT-DATA-04 image: got "${image}"; is not an image reference by digest; ${fix}`]);
  });

  it("mends the spelling of one with a tag, and says what it still lacks", () => {
    expect(problems("MyOrg/Data:v1")).toEqual([
      'AKSFT-DATA-04 image: got "MyOrg/Data:v1"; registry, repository and digest are written in lower case; fix: write "myorg/data:v1"',
      `AKSFT-DATA-04 image: got "MyOrg/Data:v1"; a tag can move, so the same run could train on other data; ${fix}`,
    ]);
  });

  it("mends the spelling of one with a digest to what is accepted", () => {
    const [only = "", ...others] = problems(byDigest("mlreg.azurecr.io/Tickets:V1", "A"));
    expect(only).toContain("written in lower case");
    expect(others).toEqual([]);
    expect(problems(proposed(only))).toEqual([]);
    expect(proposed(only)).toBe(byDigest("mlreg.azurecr.io/tickets:V1", "a"));
  });

  it("accepts a digest with or without a tag", () => {
    expect(problems(byDigest("mlreg.azurecr.io/tickets", "a"))).toEqual([]);
    expect(problems(byDigest("mlreg.azurecr.io/tickets:v1", "a"))).toEqual([]);
  });
});
