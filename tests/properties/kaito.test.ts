import { expectAccepted, expectListedTogether, expectNearestAccepted, expectRefused, expectSamePreview, PATIENCE, trialOf } from "./expectations";
import { kaitoOperator } from "./subjects/kaito-operator";
import { registrySecret } from "./subjects/registry-secret";

describe("KaitoOperator, drawn at random,", () => {
  const trial = trialOf(kaitoOperator);
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

describe("RegistrySecret, drawn at random,", () => {
  const trial = trialOf(registrySecret);
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
