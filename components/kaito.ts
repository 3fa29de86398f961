import * as pulumi from "@pulumi/pulumi";
import type { KaitoNodeProvisioner } from "./plan/catalogue/kaito-versions";

/** KAITO as it runs in a cluster. One that is there already is an object literal. */
export interface KaitoRef {
  /** Version of KAITO, with or without its patch; "0.6" is the AKS add-on's. Plain: what can be asked of it follows from it. */
  readonly version: string;
  /** What makes the nodes of its Workspaces. */
  readonly nodeProvisioner: KaitoNodeProvisioner;
}

/** What Workspaces and InferenceSets wait for, and outlive: the whole of a KAITO installed here, for their finalizers need it; nothing of an existing one. */
export function guardsOfKaito(kaito: KaitoRef): pulumi.Resource[] {
  return pulumi.Resource.isInstance(kaito) ? [kaito] : [];
}
