import * as fc from "fast-check";
import { type AddressRange, contains, dotted, freeRange, overlap, overlapProblems, parseRange, rangeProblems } from "../../../components/plan/network/address-ranges";
import { describe as line } from "../../../components/plan/refuse";

const octet = fc.integer({ min: 0, max: 255 });
const ranges: fc.Arbitrary<AddressRange> = fc.tuple(octet, octet, octet, octet, fc.integer({ min: 0, max: 32 })).map(([a, b, c, d, prefix]) => {
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const range = parseRange(`${dotted(address - (address % 2 ** (32 - prefix)))}/${prefix}`);
  if (!range) throw new Error("the generator made a malformed range");
  return range;
});

describe("parseRange", () => {
  it.each([
    ["0.0.0.0/0", 0, 4294967295],
    ["10.96.0.0/16", 174063616, 174129151],
    ["203.0.113.8/32", 3405803784, 3405803784],
    ["255.255.255.254/31", 4294967294, 4294967295],
  ])("reads %p", (text, first, last) => {
    expect(parseRange(text)).toEqual({ text, first, last, prefix: Number(text.split("/")[1]) });
  });

  it.each([
    "10.0.0.300/24", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8.5", "10.0.0/24", "10.0.0.1/24", "", "net",
    "10..0.0/16", "10.0.0.0/16/8", "0x0a.0.0.0/8", "1e1.0.0.0/8", " 10.0.0.0/16", "10.0.0.0/1e1", "10.0.0.0/ 8", "2001:db8::/32", "010.0.0.0/8", "10.0.0.0/08",
  ])("does not read %p", (text) => {
    expect(parseRange(text)).toBeUndefined();
  });
});

describe("ranges", () => {
  it("overlap in both directions or in neither", () => {
    fc.assert(fc.property(ranges, ranges, (a, b) => overlap(a, b) === overlap(b, a)));
  });

  it("contain and overlap themselves", () => {
    fc.assert(fc.property(ranges, (range) => contains(range, range) && overlap(range, range)));
  });

  it("overlap what they contain, and contain each other only when equal", () => {
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        expect(!contains(a, b) || overlap(a, b)).toBe(true);
        expect(contains(a, b) && contains(b, a)).toBe(a.first === b.first && a.last === b.last);
      }),
    );
  });

  it("overlap only by containment, as powers of two do", () => {
    fc.assert(fc.property(ranges, ranges, (a, b) => overlap(a, b) === (contains(a, b) || contains(b, a))));
  });

  it("do not overlap at touching ends", () => {
    const [lower, upper] = [parseRange("10.0.0.0/17"), parseRange("10.0.128.0/17")];
    expect(lower && upper && overlap(lower, upper)).toBe(false);
  });

  it("come back from their number as written", () => {
    fc.assert(fc.property(ranges, (range) => `${dotted(range.first)}/${range.prefix}` === range.text));
  });
});

describe("freeRange", () => {
  const prefixes = fc.integer({ min: 0, max: 32 });

  it("is inside, of the size, and apart from what is taken", () => {
    fc.assert(
      fc.property(ranges, fc.array(ranges, { maxLength: 4 }), prefixes, (outer, taken, prefix) => {
        const free = freeRange(outer, taken, prefix);
        if (free === undefined) return;
        const parsed = parseRange(free);
        expect(parsed?.prefix).toBe(prefix);
        expect(parsed && contains(outer, parsed) && !taken.some((other) => overlap(other, parsed))).toBe(true);
      }),
    );
  });

  it("is found wherever there is one", () => {
    const block = parseRange("10.0.0.0/24");
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 15 }), { maxLength: 15 }), (slots) => {
        const taken = slots.flatMap((slot) => parseRange(`10.0.0.${slot * 16}/28`) ?? []);
        const first = Array.from({ length: 16 }, (_, slot) => slot).find((slot) => !slots.includes(slot));
        expect(block && freeRange(block, taken, 28)).toBe(`10.0.0.${(first ?? 0) * 16}/28`);
      }),
    );
  });

  it("is none where all is taken or the size is larger than the whole", () => {
    const block = parseRange("10.0.0.0/24");
    expect(block && [freeRange(block, [block], 32), freeRange(block, [], 23), freeRange(block, [], 33)]).toEqual([undefined, undefined, undefined]);
  });
});

describe("range problems", () => {
  it("say what a malformed range should look like", () => {
    expect(rangeProblems("AKSFT-NET-01", "nodeRange", "10.0.0.300/24").map(line)).toEqual([
      'AKSFT-NET-01 nodeRange: got "10.0.0.300/24"; needs an IPv4 range whose address is its first, as 10.0.0.0/16; ' +
        'fix: use for example "10.100.0.0/16"',
    ]);
    expect(rangeProblems("AKSFT-NET-01", "nodeRange", "10.0.0.0/24")).toEqual([]);
  });

  it("name the overlapping addresses", () => {
    const named = { "the pod range": "10.0.0.0/16", serviceRange: "10.0.128.0/20" };
    expect(overlapProblems("AKSFT-NET-03", named).map(line)).toEqual([
      'AKSFT-NET-03 serviceRange: got "10.0.128.0/20"; overlaps the pod range 10.0.0.0/16 from 10.0.128.0 to 10.0.143.255; ' +
        'fix: move one of the two, for example serviceRange to "172.20.0.0/20"',
    ]);
  });

  it("leave disjoint and malformed ranges alone", () => {
    expect(overlapProblems("AKSFT-NET-03", { a: "10.0.0.0/16", b: "10.96.0.0/20", c: "nonsense" })).toEqual([]);
  });

  it("propose a range that is itself well formed, whatever the size", () => {
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        for (const { fix } of overlapProblems("AKSFT-NET-03", { a: a.text, b: b.text })) {
          expect(parseRange(/"(.*)"/.exec(fix)?.[1] ?? "")).toBeDefined();
        }
      }),
    );
  });
});
