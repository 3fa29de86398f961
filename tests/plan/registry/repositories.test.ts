import * as fc from "fast-check";
import { mended, repositoryProblems } from "../../../components/plan/registry/repositories";

describe("repositories", () => {
  it.each(["a", "datasets/tickets", "team/a.b_c__d-e--f", "0/1", "a".repeat(255)])("may be called %p", (name) => {
    expect(repositoryProblems("AKSFT-REG-13", "prefix", name)).toEqual([]);
  });

  it.each(["", "A", "a/", "/a", "a//b", "a___b", "a..b", "-a", "a b", "a:b", "a".repeat(256)])("may not be called %p", (name) => {
    expect(repositoryProblems("AKSFT-REG-13", "prefix", name)).toHaveLength(1);
  });

  it("are mended to what is accepted, whatever they were", () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (name) => repositoryProblems("AKSFT-REG-13", "prefix", mended(name)).length === 0));
  });
});
