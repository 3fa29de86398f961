import type { Properties } from "../../values";
import { kindOf } from "../objects";

/** Helm's order of kinds, as far as charts here have them; others come last: https://github.com/helm/helm/blob/v3.18.0/pkg/releaseutil/kind_sorter.go */
const KINDS = ["Namespace", "Secret", "ConfigMap", "CustomResourceDefinition", "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Service", "DaemonSet", "Deployment"];

export function inInstallOrder(objects: readonly Properties[]): readonly Properties[] {
  return objects.toSorted((one, other) => rank(one) - rank(other));
}

export function inUninstallOrder(objects: readonly Properties[]): readonly Properties[] {
  return inInstallOrder(objects).toReversed();
}

function rank(object: Properties): number {
  const place = KINDS.indexOf(kindOf(object)?.kind ?? "");
  return place < 0 ? KINDS.length : place;
}
