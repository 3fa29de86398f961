import type { AzureState } from "../../cluster/nodes/azure-state";
import type { KubernetesClient } from "../../cluster/client";
import { nameOf, text } from "../../providers/kubernetes/objects";
import type { Properties } from "../../providers/values";
import { addOnObjects } from "../chart/workspace-chart";
import type { Metadata } from "./objects";

const CLUSTER = /^azure-native:containerservice(\/v\w+)?:ManagedCluster$/;

/** Whether a cluster has the AI toolchain operator: https://learn.microsoft.com/azure/aks/ai-toolchain-operator */
export function hasAddOn(state: AzureState | undefined): boolean {
  return Object.values(state?.resources ?? {}).some(({ type = "", inputs, outputs }) => {
    const profile = { ...inputs, ...outputs }["aiToolchainOperatorProfile"];
    return CLUSTER.test(type) && typeof profile === "object" && profile !== null && "enabled" in profile && profile.enabled === true;
  });
}

const COLLECTIONS: Readonly<Record<string, string>> = {
  ConfigMap: "/api/v1/namespaces/kube-system/configmaps",
  Deployment: "/apis/apps/v1/namespaces/kube-system/deployments",
  CustomResourceDefinition: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
  ValidatingAdmissionPolicy: "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies",
  ValidatingAdmissionPolicyBinding: "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings",
};

/** What AKS puts into a cluster with the add-on, and takes out again when it is switched off. */
export class AddOn {
  private installedHere: boolean | undefined;

  constructor(private readonly client: KubernetesClient) {}

  async reconcile(state: AzureState | undefined): Promise<void> {
    const wanted = hasAddOn(state);
    this.installedHere ??= (await this.deployment()) !== undefined;
    if (wanted === this.installedHere) return;
    await (wanted ? this.install() : this.remove());
    this.installedHere = wanted;
  }

  private async install(): Promise<void> {
    const { crds, templates } = addOnObjects();
    for (const object of [...crds, ...templates.toSorted((one, other) => rank(one) - rank(other))]) {
      await this.client.create(COLLECTIONS[kindOf(object)] ?? "", object);
    }
  }

  /** The kinds go with it, and wait for what still has a finalizer, which nobody is left to remove. */
  private async remove(): Promise<void> {
    const { templates } = addOnObjects();
    for (const object of templates.toSorted((one, other) => rank(other) - rank(one))) {
      await this.client.delete(`${COLLECTIONS[kindOf(object)] ?? ""}/${nameOf(object)}`);
    }
  }

  private async deployment(): Promise<object | undefined> {
    return this.client.find<{ readonly metadata: Metadata }>("/apis/apps/v1/namespaces/kube-system/deployments/kaito-workspace");
  }
}

const kindOf = (object: Properties): string => text(object, "kind") ?? "";

/** The controller last, as it marks that all is there. */
function rank(object: Properties): number {
  return ["CustomResourceDefinition", "ConfigMap", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "Deployment"].indexOf(kindOf(object));
}
