import * as fc from "fast-check";
import { closest, nearest, oneOf } from "../../components/plan/spelling";

const SIZES = ["Standard_NC24ads_A100_v4", "Standard_NC4as_T4_v3", "Standard_NC8as_T4_v3"];

describe("nearest", () => {
  it.each([
    ["Standard_NC24ads_A100v4", "Standard_NC24ads_A100_v4"],
    ["standard_nc24ads_a100_v4", "Standard_NC24ads_A100_v4"],
    ["Standard_NC4as_T4", undefined],
    ["Standard_NC24ads_A100", undefined],
    ["", undefined],
  ])("finds for %p the word %p", (word, found) => {
    expect(nearest(word, SIZES)).toBe(found);
  });

  it("prefers the fewest edits, and of equals the first", () => {
    expect(nearest("Standard_NC8as_T4_v", SIZES)).toBe("Standard_NC8as_T4_v3");
    expect(nearest("b", ["ab", "bc"])).toBe("ab");
  });

  it("finds every word two edits away and none three away", () => {
    const letters = fc.constantFrom(..."xyz");
    fc.assert(
      fc.property(fc.nat({ max: 8 }), letters, letters, letters, (at, a, b, c) => {
        const known = "aaaaaaaa";
        const spliced = (insert: string) => `${known.slice(0, at)}${insert}${known.slice(at)}`;
        expect(nearest(spliced(a), [known])).toBe(known);
        expect(nearest(spliced(a + b), [known])).toBe(known);
        expect(nearest(spliced(a + b + c), [known])).toBeUndefined();
      }),
    );
  });
});

describe("oneOf", () => {
  it("asks about a near miss and lists all words otherwise", () => {
    expect(oneOf("qlor", ["lora", "qlora"])).toBe('did you mean "qlora"?');
    expect(oneOf("full", ["lora", "qlora"])).toBe("use one of lora, qlora");
  });
});

describe("closest", () => {
  it("gives the few that share most pairs of letters, best first, in any letter case", () => {
    expect(closest("standard_t4_v3", SIZES, 2)).toEqual(["Standard_NC4as_T4_v3", "Standard_NC8as_T4_v3"]);
    expect(closest("standard_t4_v3", SIZES, 1)).toEqual(["Standard_NC4as_T4_v3"]);
  });

  it("leaves out what shares less than a third, so that a word like none has none", () => {
    // Two pairs of five and four are 4/9 alike; one is 2/9.
    expect(closest("abcdef", ["abcxy", "abxyz"], 3)).toEqual(["abcxy"]);
    expect(closest("", SIZES, 3)).toEqual([]);
  });
});
