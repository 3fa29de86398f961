import { tmpdir } from "node:os";
import { ended } from "./command";
import { readCsv } from "./csv-file";
import { csvFile, textFile } from "./written-csv";

/** How a command ends that reads a file. */
const refusal = (file: string, columns: readonly string[]) => ended(() => String(readCsv(file, columns).length), []);

describe("readCsv", () => {
  it("takes quoted cells with commas, quotes and line ends, a byte order mark, blank lines, spaces and short lines", () => {
    expect(readCsv(textFile('\uFEFFa,b , c\r\n1,"x, ""y""\nz",\r\n\r\n , 2 \n'), ["a", "b"])).toEqual([
      { a: "1", b: 'x, "y"\nz', c: "" },
      { a: "", b: "2" },
    ]);
  });

  it("reads what csvFile writes", () => {
    const rows = [{ a: 'x, "y"\nz', b: "" }, { a: "", b: "1" }];
    expect(readCsv(csvFile(rows), ["a", "b"])).toEqual(rows);
  });

  it.each([
    ["one column that is missing", "a,b\n1,2", /^\S+ lacks the column c\n$/],
    ["several", "b\n1", /^\S+ lacks the columns a, c\n$/],
    ["an empty file", "", /^\S+ lacks the columns a, c\n$/],
    ["a file with names alone", "a,c\n", /^\S+ has no rows\n$/],
    ["a line that is too long", "a,c\n1,2,3", /^\S+ is not a CSV file: Invalid Record Length: .*line 2\n$/],
    ["a text", 'Some "quoted" text,\n"and', /^\S+ is not a CSV file: .*\n$/],
  ])("refuses %s in one line", (_, text, message) => {
    const file = textFile(text);
    expect(refusal(file, ["a", "c"])).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(message) });
  });

  it.each([
    ["a file that is not there", "/nowhere/rows.csv", /^\/nowhere\/rows.csv does not exist\n$/],
    ["a folder", tmpdir(), / is a folder\n$/],
  ])("refuses %s in one line", (_, file, message) => {
    expect(refusal(file, [])).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(message) });
  });
});
