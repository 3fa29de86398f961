// A thin stand-in: the component of branch kaito-secrets, which mints a token of the registry, takes its place when the two are merged.
import * as pulumi from "@pulumi/pulumi";
import type { RegistryRef } from "./registry";
import type { TeamRef } from "./team";

/** Arguments of a RegistrySecret. */
export interface RegistrySecretArgs {
  /** Team whose namespace gets the secret. */
  readonly team: TeamRef;
  /** Registry that it opens. */
  readonly registry: RegistryRef;
  /** The one repository that it opens. */
  readonly repository: string;
  /** Whether its holder reads, or writes too. */
  readonly access: "pull" | "push";
  /** Hours after which it opens nothing. */
  readonly validHours: number;
  /** Minted anew when it changes. @default - minted once */
  readonly mintedFor?: string;
  /** Name of the Secret. @default - the component's */
  readonly secretName?: string;
}

/** A short-lived secret by which pods reach one repository of a registry. */
export class RegistrySecret extends pulumi.ComponentResource {
  /** Name of the Secret, of type kubernetes.io/dockerconfigjson. */
  readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: RegistrySecretArgs, opts?: pulumi.ComponentResourceOptions) {
    const { repository, access, validHours, mintedFor } = args;
    super("aks-fine-tuning:index:RegistrySecret", name, { repository, access, validHours, mintedFor }, opts);
    this.secretName = pulumi.output(args.secretName ?? name);
    this.registerOutputs({ secretName: this.secretName });
  }
}
