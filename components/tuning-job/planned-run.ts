import type * as pulumi from "@pulumi/pulumi";
import type { ResolvedRecipe } from "../plan/recipe";

/** A run as its engine has decided it, before anything is registered. */
export interface PlannedRun {
  readonly name: string;
  readonly namespace: string;
  readonly runId: string;
  readonly recipe: ResolvedRecipe;
  /** Repository that the adapter comes to lie in. */
  readonly adapterRepository: string;
  /** What a preview says of the run. */
  readonly summary: Readonly<Record<string, unknown>>;
  /** What whoever watches should know, on a line each. */
  readonly notices: readonly string[];
  /** What the run waits for besides its team, and goes before. */
  readonly guards: readonly pulumi.Resource[];
  /** Registers the objects of the run, which all carry its id in their names, so that another run replaces none of them. */
  readonly register: (child: pulumi.CustomResourceOptions & { readonly parent: pulumi.Resource }) => void;
}
