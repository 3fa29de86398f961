import type * as pulumi from "@pulumi/pulumi";
import type { ModelDimensions, Recipe } from "../../components";
import { type BaseModelName, findBaseModel } from "../../components/plan/catalogue/base-models";
import type { Problem } from "../../components/plan/refuse";

/** What a key holds; Pulumi wants a default for every key, and an empty text says that nobody set it. */
export function textAt(config: pulumi.Config, key: string): string | undefined {
  return config.get(key) || undefined;
}

/** The problem of a key without which something cannot be made. */
export function missing(key: string, what: string): Problem {
  return {
    code: "AKSFT-STACK-03",
    path: key,
    got: undefined,
    rule: `is needed ${what} and has no default`,
    fix: `set it in the stack's file, Pulumi.STACK.yaml, as aks-fine-tuning:${key}`,
  };
}

/** The problem of a value that must be an object of arguments and is something else, none or one. */
export function objectProblems(path: string, given: unknown): Problem[] {
  if (given === undefined || given === null || (typeof given === "object" && !Array.isArray(given))) return [];
  return [{ code: "AKSFT-STACK-08", path, got: given, rule: "must be an object of arguments", fix: `write its arguments under ${path}, one a line` }];
}

/** What a key holds where it is an object; an empty one where it is not, which `objectProblems` tells. */
export function objectAt<T extends object>(config: pulumi.Config, key: string): Partial<T> {
  const given = config.getObject<unknown>(key);
  return typeof given === "object" && given !== null && !Array.isArray(given) ? given : {};
}

/** A name alone is looked up in the catalogue, where it may be any of a model's names; with dimensions it is an unlisted model. */
export function modelOf(config: pulumi.Config): BaseModelName | ModelDimensions | undefined {
  const model = config.getObject<ModelDimensions>("model");
  if (!model?.name) return undefined;
  return (Object.keys(model).length === 1 ? findBaseModel(model.name) : undefined) ?? model;
}

/** The recipe with its model; undefined where either is not configured. */
export function recipeOf(config: pulumi.Config): Recipe | undefined {
  const recipe = config.getObject<Omit<Recipe, "model">>("recipe");
  const model = modelOf(config);
  return recipe && Object.keys(recipe).length > 0 && model ? { ...recipe, model } : undefined;
}
