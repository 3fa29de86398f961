// Stands in for the component of branch kaito-secrets, which replaces this file: the same path, arguments and outputs, and an empty Secret.
import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import * as pulumi from "@pulumi/pulumi";
import type { RegistryRef } from "./registry";
import type { TeamRef } from "./team";

/** Arguments of a RegistrySecret. */
export interface RegistrySecretArgs {
  /** Team whose namespace it is in. */
  readonly team: TeamRef;
  /** Registry that it opens. */
  readonly registry: RegistryRef;
  /** The one repository that it opens. */
  readonly repository: string;
  /** What it allows there. */
  readonly access: "pull" | "push";
  /** Hours that it is valid for. */
  readonly validHours: number;
  /** What it is minted for; another value mints another. @default - nothing in particular */
  readonly mintedFor?: string;
  /** Name of the Secret. @default - the component's */
  readonly secretName?: string;
  /** Whether it is minted anew when two thirds of its life are over. @default false */
  readonly renew?: boolean;
}

/** A Secret that opens one repository of a registry for a while. */
export class RegistrySecret extends pulumi.ComponentResource {
  /** Name of the Secret, of type kubernetes.io/dockerconfigjson, in the team's namespace. */
  readonly secretName: pulumi.Output<string>;
  /** When it stops to be valid. */
  readonly expiresAt: pulumi.Output<string>;

  constructor(name: string, args: RegistrySecretArgs, opts?: pulumi.ComponentResourceOptions) {
    const { repository, access, validHours, secretName = name, team } = args;
    super("aks-fine-tuning:index:RegistrySecret", name, { secretName, repository, access, validHours }, opts);
    const metadata = { name: secretName, namespace: team.namespace };
    new Secret(name, { metadata }, { parent: this, provider: team.cluster.provider });
    this.secretName = pulumi.output(secretName);
    this.expiresAt = pulumi.output("");
    this.registerOutputs({ secretName: this.secretName });
  }
}
