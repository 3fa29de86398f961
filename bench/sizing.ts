import { BASE_MODELS, type Method, rightSize } from "../components";
import { BASE_MODEL_NAMES } from "../components/plan/catalogue/base-models";
import { METHODS } from "../components/plan/recipe";
import { problemsOf } from "../components/plan/refuse";
import { fastest, type Measurement, type Timing } from "./measurement";

const LENGTHS = [512, 1024, 2048, 4096, 8192, 16_384];
const BATCHES = [1, 2, 3, 4, 5, 6, 7, 8];
const BUDGET_SECONDS = 2;

/** How long it takes to size every model of the catalogue, by every method, at six lengths and with eight batches. */
export function sizing(): readonly Measurement[] {
  const sized = sweep();
  const { seconds, cpuSeconds } = fastest([1, 2, 3].map(() => timed(sweep)));
  const note = `fastest of 3; ${sized.answers} sizes found, ${sized.refusals} runs that no size holds`;
  return [{ name: "sizing the catalogue", value: seconds, cpu: cpuSeconds, unit: "s", budget: BUDGET_SECONDS, note }];
}

function sweep() {
  const counts = { answers: 0, refusals: 0 };
  for (const model of BASE_MODEL_NAMES) {
    const lengths = LENGTHS.filter((length) => length <= BASE_MODELS[model].max_position_embeddings);
    for (const method of METHODS) {
      for (const sequenceLength of lengths) {
        for (const globalBatch of BATCHES) counts[fits({ model, method, sequenceLength, globalBatch }) ? "answers" : "refusals"] += 1;
      }
    }
  }
  return counts;
}

function fits(recipe: { model: (typeof BASE_MODEL_NAMES)[number]; method: Method; sequenceLength: number; globalBatch: number }): boolean {
  return problemsOf(() => rightSize(recipe, { location: "eastus" })).length === 0;
}

function timed(work: () => unknown): Timing {
  const [start, before] = [performance.now(), process.cpuUsage()];
  work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 };
}
