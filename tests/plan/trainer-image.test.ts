import * as path from "node:path";
import { checkTrainerImage, packagedTrainer, planTrainerImage } from "../../components/plan/trainer-image";
import { problemsOf } from "../support/refusal";
import { byDigest } from "../support/tiny-recipe";

describe("trainer image", () => {
  it("is accepted by digest", () => {
    expect(() => checkTrainerImage("trainer", byDigest("mlreg.azurecr.io/trainer", "a"))).not.toThrow();
  });

  it("is refused by tag", () => {
    expect(problemsOf(() => checkTrainerImage("trainer", "mlreg.azurecr.io/trainer:latest"))).toEqual([
      expect.stringMatching(/^AKSFT-TRAINER-01 image: got "mlreg\.azurecr\.io\/trainer:latest"; a tag can move.*; fix: use the form/),
    ]);
  });

  it("is built from this repository's trainer when none is given", () => {
    expect(packagedTrainer()).toBe(path.resolve(__dirname, "..", "..", "images", "trainer"));
  });

  it("is built from a folder with a Dockerfile, by its path from the project's folder", () => {
    const context = path.relative(process.cwd(), packagedTrainer());
    expect(planTrainerImage("trainer", { registry: "here" })).toEqual({ kind: "build", context, registry: "here" });
    expect(planTrainerImage("trainer", { registry: "here", context: packagedTrainer() })).toEqual({ kind: "build", context, registry: "here" });
  });

  it.each([
    ["images", "has no Dockerfile"],
    ["no/where", "no such folder"],
  ])("is refused from the folder %p", (context, rule) => {
    expect(problemsOf(() => planTrainerImage("trainer", { registry: "here", context }))).toEqual([
      `AKSFT-TRAINER-02 context: got "${context}"; ${rule}; fix: give the folder of a Dockerfile, as a path from the project's folder`,
    ]);
  });

  it("is one of the two, not both and not neither", () => {
    const image = byDigest("mlreg.azurecr.io/trainer", "a");
    const rule = "a trainer is a ready image, or is built and pushed to a registry, one of the two";
    expect(problemsOf(() => planTrainerImage("trainer", { image, registry: "here", context: "images" }))).toEqual([
      `AKSFT-TRAINER-03 registry: got "registry beside image"; ${rule}; fix: remove image or registry`,
      `AKSFT-TRAINER-03 context: got "context beside image"; ${rule}; fix: remove image or context`,
    ]);
    expect(problemsOf(() => planTrainerImage("trainer", { context: "images" })).map((line) => line.split(": got")[0])).toEqual([
      "AKSFT-TRAINER-02 context",
      "AKSFT-TRAINER-03 registry",
    ]);
  });
});
