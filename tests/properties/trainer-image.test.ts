import * as fc from "fast-check";
import { TrainerImage } from "../../components";
import { images, logicalNames } from "./arbitraries/common";
import { expectAccepted, expectRefused, expectSamePreview, PATIENCE } from "./expectations";
import type { Subject } from "./subject";

/** A ready image, or none, which builds the package's own. */
interface Given {
  readonly image?: string;
}

const subject: Subject<Given> = {
  given: fc.record({ name: logicalNames, args: fc.record<Given, never>({ image: images }, { requiredKeys: [] }) }),
  register: ({ name, args: { image } }, { registry }) => new TrainerImage(name, image === undefined ? { registry } : { image }),
  mutations: [
    { fault: "a tag that moves", code: "AKSFT-TRAINER-01", argument: "image", args: { image: "mlreg.azurecr.io/trainer:latest" } },
    { fault: "a digest that is cut short", code: "AKSFT-TRAINER-01", argument: "image", args: { image: "mlreg.azurecr.io/trainer@sha256:0123" } },
    { fault: "nothing as an image", code: "AKSFT-TRAINER-01", argument: "image", args: { image: "" } },
  ],
};

describe("TrainerImage, drawn at random,", () => {
  it("is accepted by the stand-ins", () => expectAccepted(subject), PATIENCE);

  it("registers the same in a preview that knows nothing yet of what is passed on", () => expectSamePreview(subject), PATIENCE);

  it.each(subject.mutations)(
    "refuses $fault, for that reason alone, before anything is registered",
    (mutation) => expectRefused(subject, mutation),
    PATIENCE,
  );
});
