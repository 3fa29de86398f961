import * as path from "node:path";
import { checkTrainerImage, packagedTrainer } from "../../components/plan/trainer-image";
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
});
