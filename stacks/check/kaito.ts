import type { KaitoRef } from "../../components";
import { planKaitoOperator } from "../../components/plan/kaito/operator";
import { versionOf } from "../../components/plan/kaito/operator/channel";
import type { KaitoSurroundings } from "../../components/plan/kaito/operator/decisions";
import { provisionerOf } from "../../components/plan/kaito/operator/provisioner";
import type { Problem } from "../../components/plan/refuse";
import { kaitoArguments, supportBesideKaito } from "../kaito";
import type { PlatformSettings } from "../settings/platform";
import { ask, under } from "./ask";

/** Arguments that have keys of their own beside `kaito`. */
const KEYS: Readonly<Record<string, string>> = { image: "kaitoImage", provisionerImage: "gpuProvisionerImage", tags: "tags" };

/** Two keys say together who runs KAITO. Neither is derived from the other: a switch on the cluster should be seen where the cluster is described. */
const TWO_KEYS: Readonly<Record<string, Pick<Problem, "rule" | "fix">>> = {
  "AKSFT-KAITO-65": { rule: "is AKS's own KAITO, and cluster.addOns.kaito is not true", fix: 'set cluster.addOns.kaito to true, or kaito.channel to "chart"' },
  "AKSFT-KAITO-66": {
    rule: "would install a second KAITO, beside the one that AKS runs by cluster.addOns.kaito",
    fix: 'set kaito.channel to "add-on", or remove cluster.addOns.kaito',
  },
};

export function kaitoProblems(platform: PlatformSettings): Problem[] {
  const { kaito } = platform;
  if (!kaito) return [];
  const { devicePlugin = true, kaitoNodes = false } = supportBesideKaito(platform);
  const given = kaitoArguments(kaito, platform);
  const plan = () => planKaitoOperator("kaito", given, given, { cluster: surroundings(platform), gpuSupport: { devicePlugin, kaitoNodes } });
  const found = ask(plan, (path) => KEYS[path] ?? under("kaito")(path));
  return found.map((problem) => ({ ...problem, ...TWO_KEYS[problem.code] }));
}

/** What the operator will say to runs and services. Of one that is refused too: they have faults of their own to list. */
export function plannedKaito(platform: PlatformSettings): KaitoRef | undefined {
  const { kaito } = platform;
  return kaito && { version: versionOf(kaito), nodeProvisioner: provisionerOf(kaito, surroundings(platform)) };
}

/** The cluster as KAITO will find it; where it is, is known once it is there. */
function surroundings({ environment, location, cluster }: PlatformSettings): KaitoSurroundings {
  const { nodeProvisioning, addOns } = cluster;
  return { environment, nodeProvisioning, kaitoAddOn: addOns?.kaito === true, location, nodeResourceGroup: "made by AKS" };
}
