import * as fc from "fast-check";
import { BY_DIGEST, canonicalJson, guidFrom, sha256, shortHash } from "../../components/plan/digest";
import { byDigest } from "../support/tiny-recipe";

describe("canonicalJson", () => {
  it("sorts keys at every depth, keeps the order of lists and drops undefined members", () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }, 3], a: undefined, A: null })).toBe('{"A":null,"b":[{"c":2,"d":1},3]}');
  });

  it("is the same for every order of keys", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        expect(canonicalJson(Object.fromEntries(Object.entries(value).reverse()))).toBe(canonicalJson(value));
      }),
    );
  });

  it("keeps the value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe("hashes", () => {
  it("are SHA-256 in hexadecimal, cut from the front", () => {
    expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(shortHash("abc", 10)).toBe("ba7816bf8f");
  });
});

describe("guidFrom", () => {
  it("has the shape of a name-based UUID", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (parts) => {
        expect(guidFrom(...parts)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
      }),
    );
  });

  it("is the same for the same parts and another for others", () => {
    expect(guidFrom("scope", "who", "role")).toBe(guidFrom("scope", "who", "role"));
    expect(guidFrom("scope", "who", "role")).not.toBe(guidFrom("scope", "whor", "ole"));
  });
});

describe("references by digest", () => {
  it.each([
    byDigest("mlreg.azurecr.io/trainer", "a"),
    byDigest("10.200.0.1:5002/datasets/tickets", "0"),
    byDigest("docker.io/vllm/vllm-openai:v0.25.1", "f"),
  ])("name their content in %p", (reference) => {
    expect(reference).toMatch(BY_DIGEST);
  });

  it.each([
    "mlreg.azurecr.io/trainer:latest",
    "mlreg.azurecr.io/trainer",
    `mlreg.azurecr.io/trainer@sha256:${"a".repeat(63)}`,
    `mlreg.azurecr.io/trainer@sha256:${"A".repeat(64)}`,
    byDigest("mlreg.azurecr.io/Trainer", "a"),
    byDigest("", "a"),
    `${byDigest("mlreg.azurecr.io/trainer", "a")} `,
  ])("do not name their content in %p", (reference) => {
    expect(reference).not.toMatch(BY_DIGEST);
  });
});
