import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as fc from "fast-check";
import { DatasetImage } from "../../components";
import { images, optional, workloadNames } from "./arbitraries/common";
import { expectAccepted, expectListedTogether, expectRefused, expectSamePreview, PATIENCE } from "./expectations";
import type { Subject } from "./subject";

/** Lines of a file, or an image that carries them. */
interface Given {
  readonly lines?: readonly string[];
  readonly image?: string;
  readonly repository?: string;
}

// Images are staged in the folder that the program runs in.
const home = process.cwd();
const folder = mkdtempSync(path.join(os.tmpdir(), "datasets-"));
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

const texts = fc.string({ minLength: 1, maxLength: 30, unit: "grapheme" }).filter((text) => text.trim() !== "");
const turn = fc.tuple(texts, texts).map(([question, answer]) => [{ role: "user", content: question }, { role: "assistant", content: answer }]);
const rows = fc.oneof(
  fc.tuple(optional(texts), fc.array(turn, { minLength: 1, maxLength: 3 })).map(([system, turns]) => ({
    messages: [...(system === undefined ? [] : [{ role: "system", content: system }]), ...turns.flat()],
  })),
  fc.record({ prompt: texts, completion: texts }),
);
const files = fc.array(rows, { minLength: 1, maxLength: 5 }).map((all): Given => ({ lines: all.map((row) => JSON.stringify(row)) }));
const ready = images.map((image): Given => ({ image }));
const repositories = fc.stringMatching(/^[a-z0-9]{1,10}(?:\/[a-z0-9]{1,10}){0,2}$/);

const row = (text: string) => ({ lines: [text], image: undefined });

const subject: Subject<Given> = {
  given: fc.record({
    name: workloadNames,
    args: fc.tuple(fc.oneof(files, ready), optional(repositories)).map(([source, repository]): Given => ({ ...source, ...(repository ? { repository } : {}) })),
  }),
  register: ({ name, args: { lines, image, repository } }, { registry }) => {
    if (image !== undefined) return new DatasetImage(name, { registry, repository, image });
    const file = path.join(folder, "rows.jsonl");
    if (lines) writeFileSync(file, lines.join("\n"));
    return new DatasetImage(name, { registry, repository, file: lines ? file : path.join(folder, "none.jsonl") });
  },
  mutations: [
    { fault: "capitals in the name", code: "AKSFT-NAME-04", argument: "name", name: "Tickets" },
    { fault: "a name of 41 characters", code: "AKSFT-NAME-04", argument: "name", name: "d".repeat(41) },
    { fault: "a line that is no JSON", code: "AKSFT-DATA-01", argument: "file", args: row("{") },
    { fault: "a row that teaches nothing", code: "AKSFT-DATA-01", argument: "file", args: row('{"messages":[{"role":"user","content":"hi"}]}') },
    { fault: "a role that no template knows", code: "AKSFT-DATA-01", argument: "file", args: row('{"messages":[{"role":"robot","content":"hi"}]}') },
    { fault: "an empty file", code: "AKSFT-DATA-01", argument: "file", args: row("") },
    { fault: "a file that is not there", code: "AKSFT-DATA-03", argument: "file", args: { lines: undefined, image: undefined } },
    { fault: "an image by a tag that moves", code: "AKSFT-DATA-04", argument: "image", args: { image: "mlreg.azurecr.io/data:latest" }, alone: true },
    { fault: "capitals in an image's path", code: "AKSFT-DATA-04", argument: "image", args: { image: "MyOrg/Data:v1" }, alone: true },
  ],
};

describe("DatasetImage, drawn at random,", () => {
  it("is accepted by the stand-ins", () => expectAccepted(subject), PATIENCE);

  it("registers the same in a preview that knows nothing yet of what is passed on", () => expectSamePreview(subject), PATIENCE);

  it.each(subject.mutations)(
    "refuses $fault, for that reason alone, before anything is registered",
    (mutation) => expectRefused(subject, mutation),
    PATIENCE,
  );

  it("lists several faults at once", () => expectListedTogether(subject), PATIENCE);
});
