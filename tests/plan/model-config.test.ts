import { readModelConfig } from "../../components";
import { activeParameterCount, parameterCount } from "../../components/plan/sizing/parameters";
import { DENSE_CONFIGS, EXPERT_CONFIGS, type PublishedConfig, UNGATED_CONFIGS } from "../support/model-configs";

const CONFIGS: readonly (readonly [string, PublishedConfig])[] = [DENSE_CONFIGS, UNGATED_CONFIGS, EXPERT_CONFIGS].flatMap((each) => Object.entries(each));

describe("readModelConfig", () => {
  it.each(CONFIGS)("counts the parameters of %s as published", (name, { config, parametersB, activeB, within = 0.01 }) => {
    const model = readModelConfig(config, name);
    expect(Math.abs(parameterCount(model) / 1e9 / parametersB - 1)).toBeLessThan(within);
    if (activeB !== undefined) expect(Math.abs(activeParameterCount(model) / 1e9 / activeB - 1)).toBeLessThan(0.02);
  });
});
