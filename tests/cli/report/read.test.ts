import { previewOf, readPreview } from "../../../cli/report/read/read";
import { Scanner } from "../../../cli/report/read/scanner";
import { keysOf, valueAt } from "../../../cli/report/read/json";
import { digestOf, eventsOf } from "../../support/composed-preview";
import { COMPOSED } from "../../support/composed-situations";

const NEW_RUN = COMPOSED["new-run"] ?? { steps: [] };

function scanned(...chunks: readonly string[]) {
  const found: string[] = [];
  const scanner = new Scanner(["steps"], {
    document: (text) => found.push(`document ${text}`),
    element: (list, text) => found.push(`${list} ${text}`),
    line: (text) => found.push(`line ${text}`),
  });
  for (const chunk of chunks) scanner.feed(chunk);
  scanner.end();
  return { found, cutOff: scanner.cutOff };
}

describe("finding documents", () => {
  it.each([
    ["an event a line", '{"a":1}\n{"b":{"c":[2]}}\n', ['document {"a":1}', 'document {"b":{"c":[2]}}'], 0],
    ["words between them", 'warning: {x\n{"a":1}\nand on\n', ["line warning: {x", 'document {"a":1}', "line and on"], 0],
    ["a document over lines", '{\n "a": {\n "b": 1 }\n}\n', ['document {\n "a": {\n "b": 1 }\n}'], 0],
    ["elements of the list that was asked for", '{"steps":[{"x":[1]},{"y":"]}"}],"n":[3]}', ['steps {"x":[1]}', 'steps {"y":"]}"}', 'document {"steps":[],"n":[3]}'], 0],
    ["quotes and backslashes in texts", '{"a":"\\"}\\\\"}', ['document {"a":"\\"}\\\\"}'], 0],
    ["an event that is cut off, and the next", '{"a":"x\n{"b":1}\n', ['document {"b":1}'], 1],
    ["an event whose list is cut off, and the next", '{"a":[1,\n{"b":1}\n', ['document {"b":1}'], 1],
    ["a digest that is cut off", '{\n "steps": [\n {"x":1},\n {"y":', ['steps {"x":1}'], 1],
    ["a brace that begins nothing", "{no json\nmore\n", ["line {no json", "line more"], 0],
    ["a mark of byte order", '\ufeff{"a":1}', ['document {"a":1}'], 0],
    ["what is too deep to walk through, and the next", `{"steps":[{"x":${"[".repeat(300)}${"]".repeat(300)}},{"y":1}]}\n{"a":${'{"b":'.repeat(300)}1${"}".repeat(300)}}\n{"c":1}`, ['steps {"y":1}', 'document {"steps":[]}', 'document {"c":1}'], 2],
    ["nothing", " \n\n", [], 0],
  ])("finds %s, in one piece and character by character", (_, text, found, cutOff) => {
    const trimmed = (result: ReturnType<typeof scanned>) => ({ ...result, found: result.found.map((each) => each.trim()) });
    expect(trimmed(scanned(text))).toEqual({ found, cutOff });
    expect(trimmed(scanned(...text))).toEqual({ found, cutOff });
  });
});

describe("a preview", () => {
  it("is the same from both forms, but for its form", () => {
    const [digest, events] = [previewOf(digestOf(NEW_RUN)), previewOf(eventsOf(NEW_RUN))];
    expect([digest.form, events.form]).toEqual(["digest", "events"]);
    expect(events.steps.map(({ op, urn }) => [op, urn])).toEqual(digest.steps.map(({ op, urn }) => [op, urn]));
  });

  it.each([
    ["complete", digestOf(NEW_RUN)],
    ["complete", `some words\n${digestOf(NEW_RUN)}and more\n`],
    ["complete", JSON.stringify(JSON.parse(digestOf(NEW_RUN)))],
    ["complete", eventsOf(NEW_RUN)],
    ["cut off", digestOf(NEW_RUN).slice(0, 4000)],
    ["cut off", '{\n    "config": {'],
    ["cut off", eventsOf(NEW_RUN).split("\n").slice(0, 5).join("\n")],
    ["failed", digestOf(COMPOSED["failed"] ?? { steps: [] })],
    ["failed", eventsOf(COMPOSED["failed"] ?? { steps: [] })],
    ["failed", '{"sequence":1,"errorEvent":{"error":"out of luck"}}\n{"sequence":2,"cancelEvent":{}}\n'],
    ["failed", '{"sequence":1,"policyEvent":{"policyName":"no-gpus","message":"there is one","enforcementLevel":"mandatory","resourceUrn":"urn:pulumi:s::p::a:b:C::n"}}\n'],
    ["empty", ""],
    ["empty", " \n"],
    ["not a preview", "error: no stack selected\n"],
    ["not a preview", '{"name":"package"}'],
    ["not a preview", "[1,2]"],
  ])("is %s", (outcome, text) => {
    expect(previewOf(text).outcome).toBe(outcome);
  });

  it("keeps what was complete before the cut", () => {
    const text = digestOf(NEW_RUN);
    const half = previewOf(text.slice(0, text.length / 2)).steps;
    expect(half.length).toBeGreaterThan(2);
    expect(previewOf(text).steps.slice(0, half.length)).toEqual(half);
  });

  it("is refused in its short form, with the form to use", () => {
    expect(() => previewOf('{"result":"succeeded","summary":{},"resources":[]}')).toThrow(/short form of pulumi preview --output json.*pulumi preview --json$/);
  });

  it("is read in pieces that part a character, and as the shell of Windows writes it", async () => {
    const text = digestOf({ ...NEW_RUN, messages: [{ severity: "warning", message: "größer, 中" }] });
    const bytes = Buffer.from(text);
    const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, index) => bytes.subarray(index * 7, index * 7 + 7));
    expect(await readPreview(pieces)).toEqual(previewOf(text));
    expect(await readPreview([Buffer.from(`\ufeff${text}`, "utf16le")])).toEqual(previewOf(text));
  });
});

describe("a path", () => {
  it.each([
    ["a.b", ["a", "b"]],
    ["spec.containers[0].args[10]", ["spec", "containers", "0", "args", "10"]],
    ['nodeLabels["kubernetes.azure.com/scalesetpriority"]', ["nodeLabels", "kubernetes.azure.com/scalesetpriority"]],
    ['a["x\\"y"].b', ["a", 'x"y', "b"]],
  ])("%s has its keys", (text, keys) => {
    expect(keysOf(text)).toEqual(keys);
  });

  it("finds nothing that an object inherits", () => {
    expect(valueAt({ a: [{ b: 1 }] }, "a[0].b")).toBe(1);
    expect([valueAt({}, "constructor"), valueAt({}, "__proto__.x"), valueAt([1], "length"), valueAt("text", "length")]).toEqual([undefined, undefined, undefined, undefined]);
  });
});
