import { BASE_MODELS, findBaseModel } from "../../catalogue/base-models";
import type { KaitoNodeProvisioner, KaitoVersionFacts } from "../../catalogue/kaito-versions";
import type { Recipe } from "../../recipe";
import type { Problem } from "../../refuse";
import { presetName } from "../../sizing/kaito/formulas";

/** A version as it was given, and what it does. */
export interface KaitoVersion {
  readonly version: string;
  readonly facts: KaitoVersionFacts;
}

/** The same, with what makes its nodes. */
export interface KaitoInstallation extends KaitoVersion {
  readonly nodeProvisioner: KaitoNodeProvisioner;
}

/** Name of the preset that a recipe's model is, whether KAITO tunes it or not; undefined where the model is none of the catalogue. */
export function presetOf({ model }: Pick<Recipe, "model">): string | undefined {
  if (typeof model !== "string") return undefined;
  const found = findBaseModel(model);
  return found === undefined ? undefined : presetName(found);
}

/**
 * Models that KAITO would take, buy nodes for, and then not tune: its webhook asks only whether the name is known, and looks at its last part alone.
 * https://github.com/kaito-project/kaito/blob/v0.12.0/api/v1beta1/workspace_validation.go
 */
export function presetProblems({ model, revision }: Recipe, { version, facts }: KaitoVersion): Problem[] {
  const tunable = facts.tunablePresets.join(", ");
  const problems: Problem[] = revision === undefined ? [] : [revisionProblem(revision)];
  if (typeof model !== "string") {
    const rule = `is given by its dimensions, and KAITO tunes its own images of presets only, whatever stands before their names: ${tunable}`;
    return [{ code: "AKSFT-KAITO-12", path: "model", got: model.name, rule, fix: 'name one of these, or use engine "job"' }, ...problems];
  }
  const found = findBaseModel(model);
  const preset = presetOf({ model });
  if (found === undefined || preset === undefined || facts.tunablePresets.includes(preset)) return problems;
  const fix = 'use one of these, or engine "job"';
  if (BASE_MODELS[found].gated === true) {
    const rule = `is gated, and no Hugging Face token reaches KAITO's tuning pods; KAITO ${version} tunes ${tunable}`;
    return [{ code: "AKSFT-KAITO-11", path: "model", got: model, rule, fix }, ...problems];
  }
  const rule = `is none of the ${facts.tunablePresets.length} presets that KAITO ${version} tunes: ${tunable}`;
  return [{ code: "AKSFT-KAITO-10", path: "model", got: model, rule, fix }, ...problems];
}

function revisionProblem(revision: string): Problem {
  const rule = "cannot be chosen: KAITO tunes the weights in its own image of the preset";
  return { code: "AKSFT-KAITO-13", path: "revision", got: revision, rule, fix: 'leave it out, or use engine "job"' };
}

/** What to know of a preset that the next release no longer has. */
export function retirementNotice(preset: string, { version, facts }: KaitoVersion): string | undefined {
  if (!facts.retiringPresets.includes(preset)) return undefined;
  const stays = facts.tunablePresets.filter((each) => !facts.retiringPresets.includes(each)).join(" and ");
  return `KAITO ${version} is the last that tunes ${preset} (kaito-project/kaito#2356, #1977): pin its version, or move to ${stays}`;
}
