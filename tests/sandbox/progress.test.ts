import { consoleProgress } from "../../sandbox/progress";

function recorder(isTTY: boolean) {
  const written: string[] = [];
  return { written, output: { isTTY, columns: 40, write: (text: string) => written.push(text) } };
}

describe("progress in a log", () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it("is a line at the start, a detail every ten seconds at most, and a line with the time at the end", async () => {
    const { written, output } = recorder(false);
    const result = await consoleProgress(output).step("image", (report) => {
      report("too early");
      jest.advanceTimersByTime(10_000);
      report("layer 1");
      report("layer 2");
      jest.advanceTimersByTime(2_000);
      return Promise.resolve(42);
    });
    expect(result).toBe(42);
    expect(written).toEqual(["… image\n", "  image: layer 1 · 10 s\n", "✓ image · 12 s\n"]);
  });

  it("marks a step that failed, and passes the failure on", async () => {
    const { written, output } = recorder(false);
    const step = consoleProgress(output).step("image", () => Promise.reject(new Error("disk full")));
    await expect(step).rejects.toThrow("disk full");
    expect(written).toEqual(["… image\n", "✗ image · 0 s\n"]);
  });
});

it("stays on one line of a terminal while a step runs", async () => {
  const { written, output } = recorder(true);
  await consoleProgress(output).step("a title that is longer than the terminal is wide", () => Promise.resolve());
  const clear = "\r\u001b[K";
  expect(written[0]).toBe(`${clear}… a title that is longer than the termi`);
  expect(written.at(-1)).toBe(`${clear}✓ a title that is longer than the terminal is wide · 0 s\n`);
});
