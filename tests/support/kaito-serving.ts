import type { KaitoServingDecisions, KaitoServingPlan } from "../../components/plan/kaito/serving";
import { planKaitoServing } from "../../components/plan/kaito/serving";
import type { KaitoPool } from "../../components/plan/kaito/serving/nodes";
import { kaitoServer, type KaitoServer, type ReadyKaitoAdapter } from "../../components/plan/manifests/kaito-inference";
import { OWN_POOL as TUNING_POOL } from "./kaito-tuning";
import { byDigest } from "./tiny-recipe";

/** Kinds of object that KAITO serves with. */
export type KaitoKind = KaitoServingPlan["kind"];

export const TICKETS_ADAPTER = { name: "tickets", baseModel: "phi-4", rank: 16 } as const;
export const TICKETS_IMAGE = byDigest("mlreg.azurecr.io/support/tickets", "9");

/** A faultless service by KAITO 0.12, of which nothing is decided that need not be. */
export const KAITO_SERVING: KaitoServingDecisions = {
  namespace: "support",
  kaito: { version: "0.12", nodeProvisioner: "karpenter" },
  podSecurity: "baseline",
  model: "phi-4",
  size: "Standard_NC24ads_A100_v4",
  adapters: [],
};

/** The same by the AKS add-on. */
export const OLD_KAITO_SERVING: KaitoServingDecisions = { ...KAITO_SERVING, kaito: { version: "0.6", nodeProvisioner: "azure-gpu-provisioner" } };

/** A pool that is never empty, with room for a set beside the one that it takes over from. */
export const OWN_POOL: KaitoPool = { ...TUNING_POOL, maxNodes: 2, nodeSelector: { "aks-fine-tuning.dev/pool": "serve" } };

/** The same on nodes of one's own. */
export const OWN_NODES_SERVING: KaitoServingDecisions = { ...KAITO_SERVING, kaito: { version: "0.12", nodeProvisioner: "byo" }, size: undefined, pool: OWN_POOL };

export function planned(changes: Partial<KaitoServingDecisions> = {}, name = "tickets"): KaitoServingPlan {
  return planKaitoServing(name, { ...KAITO_SERVING, ...changes });
}

/** Every declared adapter, finished. */
export function rendered(plan: KaitoServingPlan, images: Readonly<Record<string, string>> = {}): KaitoServer {
  const ready = plan.adapters.map(
    ({ name, strength }): ReadyKaitoAdapter => ({
      name,
      image: images[name] ?? byDigest(`mlreg.azurecr.io/support/${name}`, "9"),
      pullSecret: `tickets-${name}-pull`,
      ...(strength === undefined ? {} : { strength }),
    }),
  );
  return kaitoServer(plan, ready);
}
