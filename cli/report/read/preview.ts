import type { JsonObject } from "./json";

/** What a resource is before or after. */
export interface State {
  readonly inputs: JsonObject;
  readonly outputs: JsonObject;
  readonly parent: string | undefined;
  /** Guarded against deletion: the engine will refuse the update. */
  readonly protect: boolean;
  /** Left in the cloud when it leaves the program. */
  readonly retainOnDelete: boolean;
}

/** One step that the engine plans. */
export interface Step {
  /** As the engine names it: create, update, delete, same, read, replace, create-replacement, delete-replaced, … */
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly old: State | undefined;
  readonly new: State | undefined;
  /** What happens to each property, by its path: add, delete, update, and each of them with "-replace". */
  readonly kinds: Readonly<Record<string, string>>;
  /** Properties that differ. */
  readonly differing: readonly string[];
  /** Properties that force the replacement, as the provider or, for a changed provider, the engine says. */
  readonly forcing: readonly string[];
}

/** Something that the engine, a provider, a policy or the program said. */
export interface Message {
  readonly severity: "error" | "warning";
  readonly text: string;
  readonly urn: string | undefined;
}

/** How far the preview went: to its end, to an error, or not to the end of what was read. */
export type Outcome = "complete" | "failed" | "cut off" | "empty" | "not a preview";

/** A preview as it was read, from either form in which the engine writes it. */
export interface Preview {
  readonly form: "digest" | "events" | "none";
  readonly outcome: Outcome;
  readonly steps: readonly Step[];
  readonly messages: readonly Message[];
  /** Resources that stay, as the engine counts them. */
  readonly same: number;
  /** Whether those that stay were told one by one; a digest leaves them out unless it is asked. */
  readonly toldSame: boolean;
  readonly config: JsonObject;
  /** Lines that are no JSON, the first of them. */
  readonly lines: readonly string[];
}
