import { rmSync } from "node:fs";
import { expectAccepted, expectListedTogether, expectNearestAccepted, expectRefused, expectSamePreview, PATIENCE, trialOf } from "./expectations";
import { datasetImage, folder } from "./subjects/dataset-image";
import { trainerImage } from "./subjects/trainer-image";

const home = process.cwd();
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

describe("DatasetImage, drawn at random,", () => {
  const trial = trialOf(datasetImage);
  beforeAll(trial.open, PATIENCE);
  afterAll(trial.close);

  it("is accepted by the stand-ins", () => expectAccepted(trial), PATIENCE);

  it("registers the same in a preview that knows nothing yet of what is passed on", () => expectSamePreview(trial), PATIENCE);

  it.each(trial.mutations)(
    "refuses $fault ($argument), for that reason alone, before anything is registered, and takes what is nearest to it",
    async (mutation) => {
      await expectRefused(trial, mutation);
      await expectNearestAccepted(trial, mutation);
    },
    PATIENCE,
  );

  it("lists three faults at once", () => expectListedTogether(trial), PATIENCE);
});

describe("TrainerImage, drawn at random,", () => {
  const trial = trialOf(trainerImage);
  beforeAll(trial.open, PATIENCE);
  afterAll(trial.close);

  it("is accepted by the stand-ins", () => expectAccepted(trial), PATIENCE);

  it("registers the same in a preview that knows nothing yet of what is passed on", () => expectSamePreview(trial), PATIENCE);

  it.each(trial.mutations)(
    "refuses $fault ($argument), for that reason alone, before anything is registered, and takes what is nearest to it",
    async (mutation) => {
      await expectRefused(trial, mutation);
      await expectNearestAccepted(trial, mutation);
    },
    PATIENCE,
  );

  it("lists three faults at once", () => expectListedTogether(trial), PATIENCE);
});
