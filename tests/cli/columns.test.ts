import { aligned } from "../../cli/columns";

describe("aligned", () => {
  it("makes columns as wide as their widest cell, the first and those named at the left end", () => {
    expect(aligned([["Size", "GiB", "Note"], ["small", "8", "x"], ["s", "1024"]], [0, 2])).toEqual(["Size    GiB  Note", "small     8  x", "s      1024"]);
  });

  it("is nothing for nothing", () => {
    expect(aligned([])).toEqual([]);
  });
});
