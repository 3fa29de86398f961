import * as fc from "fast-check";
import { type ChatRow, type Dataset, type DatasetFault, datasetProblems, readDataset } from "../../components/plan/dataset";
import { describe as line } from "../../components/plan/refuse";

const GOOD = '{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"hello"}]}';
const text = fc.string({ minLength: 1 }).filter((value) => value.trim() !== "");
const rows: fc.Arbitrary<ChatRow[]> = fc.array(
  fc.record({ question: text, answer: text }).map(({ question, answer }): ChatRow => ({
    messages: [{ role: "user", content: question }, { role: "assistant", content: answer }],
  })),
  { minLength: 1, maxLength: 8 },
);
const compact = (list: readonly ChatRow[]): string => list.map((row) => JSON.stringify(row)).join("\n");
const spaced = (list: readonly ChatRow[]): string =>
  list
    .map(({ messages }) => {
      const turns = messages.map(({ role, content }) => ` { "content" : ${JSON.stringify(content)},  "role": "${role}" }`);
      return `\t{ "messages" : [${turns.join(" , ")} ] }  \r\n\r\n`;
    })
    .join("");

function accepted(source: string): Dataset {
  const result = readDataset(source);
  if ("contentKey" in result) return result;
  throw new Error(`refused: ${JSON.stringify(result)}`);
}

function faultsOf(source: string): readonly DatasetFault[] {
  const result = readDataset(source);
  return "contentKey" in result ? [] : result;
}

describe("readDataset", () => {
  it("keeps rows in order, one canonical object a line", () => {
    expect(accepted(`${GOOD}\n${GOOD.replace("hello", "bye")}\n`)).toEqual({
      rows: 2,
      contentKey: "db3eb24e8bf930b2",
      jsonl:
        '{"messages":[{"content":"hi","role":"user"},{"content":"hello","role":"assistant"}]}\n' +
        '{"messages":[{"content":"hi","role":"user"},{"content":"bye","role":"assistant"}]}\n',
    });
  });

  it("reads a prompt and its completion as two messages", () => {
    expect(accepted('{"prompt":"hi","completion":"hello"}').contentKey).toBe(accepted(GOOD).contentKey);
  });

  it("gives one key whatever the spacing, the order of keys and the line ends", () => {
    fc.assert(
      fc.property(rows, (list) => {
        expect(accepted(spaced(list))).toEqual(accepted(compact(list)));
      }),
    );
  });

  it("gives another key when a row changes, is added or moves", () => {
    const other = GOOD.replace("hello", "bye");
    const keys = [GOOD, other, `${GOOD}\n${other}`, `${other}\n${GOOD}`].map((source) => accepted(source).contentKey);
    expect(new Set(keys).size).toBe(4);
  });

  it("reads back what it wrote, unchanged", () => {
    const chat = fc.record({ prompt: fc.string(), completion: fc.string() }).map((row) => JSON.stringify(row));
    fc.assert(
      fc.property(fc.oneof(rows.map(compact), chat), (source) => {
        const once = readDataset(source);
        expect("contentKey" in once ? accepted(once.jsonl) : once).toEqual(once);
      }),
    );
  });

  it.each([
    ["{", "is not JSON"],
    ["[]", "is not an object"],
    ['"text"', "is not an object"],
    ["null", "is not an object"],
    ["{}", 'has no "messages" list, nor "prompt" and "completion"'],
    ['{"messages":[]}', 'has no "messages" list, nor "prompt" and "completion"'],
    ['{"messages":["hi"]}', "messages[0] is not an object"],
    ['{"messages":[{"role":"bot","content":"hi"}]}', "messages[0].role must be one of system, user, assistant"],
    ['{"messages":[{"role":"user","content":" "}]}', "messages[0].content is empty or not text"],
    ['{"messages":[{"role":"user","content":1}]}', "messages[0].content is empty or not text"],
    ['{"messages":[{"role":"user","content":"hi"}]}', "has no assistant message, so nothing to learn"],
    ['{"prompt":"hi","completion":" "}', "has an empty completion"],
    ['{"prompt":" ","completion":"hello"}', "has an empty prompt"],
  ])("refuses the row %p: %s", (row, rule) => {
    expect(faultsOf(row)).toEqual([{ line: 1, got: row, rule }]);
  });

  it("refuses a file without rows", () => {
    expect(faultsOf(" \n\n")).toEqual([{ line: 1, got: "", rule: "has no rows" }]);
  });

  it("names the line of every fault and of nothing else", () => {
    const lines = fc.array(fc.constantFrom(GOOD, "", "{"), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lines, fc.constantFrom("\n", "\r\n"), (list, end) => {
        const broken = list.flatMap((row, index) => (row === "{" ? [index + 1] : []));
        fc.pre(list.includes(GOOD) || broken.length > 0);
        expect(faultsOf(list.join(end)).map((fault) => fault.line)).toEqual(broken);
      }),
    );
  });

  it("shows the first 80 characters of a long row", () => {
    expect(faultsOf("x".repeat(100)).map(({ got }) => got.length)).toEqual([80]);
  });
});

describe("datasetProblems", () => {
  const faults = (count: number): DatasetFault[] =>
    Array.from({ length: count }, (_, index) => ({ line: index + 1, got: "{", rule: "is not JSON" }));

  it("names file and line", () => {
    expect(datasetProblems("rows.jsonl", faults(1)).map(line)).toEqual([
      'AKSFT-DATA-01 rows.jsonl:1: got "{"; is not JSON; ' +
        'fix: write rows as {"messages": [{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]}',
    ]);
  });

  it("lists five faults and counts no rest", () => {
    expect(datasetProblems("rows.jsonl", faults(5)).map(({ path }) => path)).toEqual([1, 2, 3, 4, 5].map((n) => `rows.jsonl:${n}`));
  });

  it("lists five faults and counts the rest", () => {
    const problems = datasetProblems("rows.jsonl", faults(7));
    expect(problems.map(({ code }) => code)).toEqual([...Array<string>(5).fill("AKSFT-DATA-01"), "AKSFT-DATA-02"]);
    expect(problems.slice(5).map(line)).toEqual(["AKSFT-DATA-02 rows.jsonl: got 7; 2 more lines are faulty; fix: mend the file"]);
  });
});
