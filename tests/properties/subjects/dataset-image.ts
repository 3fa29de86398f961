import { mkdtempSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as fc from "fast-check";
import { DatasetImage } from "../../../components";
import { images, optional, repositories, workloadNames } from "../arbitraries/common";
import type { Subject } from "../subject";

/** Lines of a file, or an image that carries them. */
interface Given {
  readonly lines?: readonly string[];
  readonly image?: string;
  readonly repository?: string;
  readonly builder?: "docker";
  /** Both sources, or none. */
  readonly source?: object;
}

/** Where the rows are written and, as images are staged in the folder that the program runs in, the folder to run in. */
export const folder = mkdtempSync(path.join(os.tmpdir(), "datasets-"));

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

const row = (text: string) => ({ lines: [text], image: undefined });

const TEACHES = '{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"hello"}]}';
const PINNED = `mlreg.azurecr.io/data@sha256:${"0".repeat(64)}`;
const nearest = { args: row(TEACHES) };

export const datasetImage: Subject<Given> = {
  given: fc.record({
    name: workloadNames,
    args: fc
      .tuple(fc.oneof(files, ready), optional(repositories), optional(fc.constant("docker" as const)))
      .map(([source, repository, builder]): Given => ({ ...source, ...(repository ? { repository } : {}), ...(builder ? { builder } : {}) })),
  }),
  register: ({ name, args: { lines, image, source, ...args } }, { registry }) => {
    if (source) return new DatasetImage(name, Object.assign({ registry, ...args }, source) as ConstructorParameters<typeof DatasetImage>[1]);
    if (image !== undefined) return new DatasetImage(name, { registry, ...args, image });
    const file = path.join(folder, "rows.jsonl");
    if (lines) writeFileSync(file, lines.join("\n"));
    return new DatasetImage(name, { registry, ...args, file: lines ? file : path.join(folder, "none.jsonl") });
  },
  mutations: [
    { fault: "capitals in the name", code: "AKSFT-NAME-04", argument: "name", name: "Tickets", nearest: { name: "tickets" } },
    { fault: "a name of 41 characters", code: "AKSFT-NAME-04", argument: "name", name: "d".repeat(41), nearest: { name: "d".repeat(40) } },
    { fault: "a line that is no JSON", code: "AKSFT-DATA-01", argument: "rows.jsonl:1", args: row("{"), nearest },
    { fault: "a row that teaches nothing", code: "AKSFT-DATA-01", argument: "rows.jsonl:1", args: row('{"messages":[{"role":"user","content":"hi"}]}'), nearest },
    { fault: "a role that no template knows", code: "AKSFT-DATA-01", argument: "rows.jsonl:1", args: row(TEACHES.replace("user", "robot")), nearest },
    { fault: "an empty file", code: "AKSFT-DATA-01", argument: "rows.jsonl:1", args: row(""), nearest },
    { fault: "a file that is not there", code: "AKSFT-DATA-03", argument: "file", args: { lines: undefined, image: undefined }, nearest, alone: true },
    { fault: "an image by a tag that moves", code: "AKSFT-DATA-04", argument: "image", args: { image: "mlreg.azurecr.io/data:latest" }, nearest: { args: { image: PINNED } }, alone: true },
    { fault: "capitals in an image's path", code: "AKSFT-DATA-04", argument: "image", args: { image: PINNED.replace("data", "Data") }, nearest: { args: { image: PINNED } }, alone: true },
    { fault: "a repository with capitals", code: "AKSFT-DATA-05", argument: "repository", on: nearest, args: { repository: "Datasets/Tickets" }, nearest: { args: { repository: "datasets/tickets" } } },
    { fault: "a file and an image", code: "AKSFT-DATA-06", argument: "file", args: { source: { file: "rows.jsonl", image: PINNED } }, nearest: { args: { source: { image: PINNED } } }, alone: true },
    { fault: "a builder inside the registry", code: "AKSFT-DATA-07", argument: "builder", args: { builder: "acr" }, nearest: { args: { builder: "docker" } } },
  ],
};
