import type { KaitoServingDecisions, KaitoServingPlan } from "../../../components/plan/kaito/serving";
import { planKaitoServing } from "../../../components/plan/kaito/serving";
import { kaitoServer, type KaitoServer, type ReadyKaitoAdapter } from "../../../components/plan/manifests/kaito-inference";
import type { KaitoArguments, KaitoEdit } from "../kaito-edits";
import { KAITO_SERVING, type KaitoKind, OLD_KAITO_SERVING } from "../kaito-serving";

/** What is decided about a service of the kind that its version makes. */
export function plannedAs(kind: KaitoKind, changes: KaitoArguments): KaitoServingPlan {
  const base = kind === "InferenceSet" ? KAITO_SERVING : OLD_KAITO_SERVING;
  return planKaitoServing("tickets", { ...base, ...changes, adapters: declared(changes), kaito: { ...base.kaito, ...changes.kaito } });
}

function declared({ adapters = [] }: KaitoArguments): KaitoServingDecisions["adapters"] {
  return adapters.map(({ name, baseModel, rank, strength }) => ({ name, baseModel, rank, strength }));
}

/** Its objects, with the adapters that have an image. */
export function serverAs(plan: KaitoServingPlan, { adapters = [] }: KaitoArguments): KaitoServer {
  const ready = adapters.flatMap(({ name, image, strength, pullSecret }): ReadyKaitoAdapter[] =>
    typeof image === "string" ? [{ name, image, pullSecret: pullSecret ?? `tickets-${name}-pull`, ...(strength === undefined ? {} : { strength }) }] : [],
  );
  return kaitoServer(plan, ready);
}

/** The object after an edit; what this library refuses is rendered all the same, as somebody might write it into the live object. */
export function editedServer(kind: KaitoKind, { from, to, planned }: KaitoEdit): KaitoServer {
  const after = { ...from, ...to };
  if (planned !== "refused") return serverAs(plannedAs(kind, after), after);
  const { publicLoadBalancer = false, performanceMode } = after;
  return serverAs({ ...plannedAs(kind, from ?? {}), adapters: declared(after), publicLoadBalancer, performanceMode }, after);
}
