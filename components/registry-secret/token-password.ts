import * as pulumi from "@pulumi/pulumi";
import { PASSWORD_PROVIDER } from "./password-provider";

export interface TokenPasswordArgs {
  /** Resource id of the token. */
  readonly tokenId: pulumi.Input<string>;
  /** When the token was made: another one under the same id has no password yet. */
  readonly tokenCreated: pulumi.Input<string>;
  /** Life of the password. */
  readonly validHours: number;
  /** Whatever it is minted for; another value mints anew. */
  readonly mintedFor?: string;
  /** Whether it is minted anew once two thirds of its life are over. */
  readonly renew: boolean;
  /** Address of Azure Resource Manager. */
  readonly endpoint: string;
  /** How long every replica of the registry takes to know a regenerated password. */
  readonly settleSeconds: number;
  /** Token that signs in to Resource Manager. It reaches the provider's memory, and no state. */
  readonly login: pulumi.Input<string>;
}

/**
 * A password of a registry's token, which Azure's provider has no resource for.
 *
 * A resource of Pulumi's dynamic provider, which comes with the SDK, rather than `pulumi.dynamic.Resource`: that one serialises functions of this
 * package at run time, so what is stored would differ between compilers, and none of its members is more than a line of the class here.
 */
export class TokenPassword extends pulumi.CustomResource {
  declare readonly username: pulumi.Output<string>;
  declare readonly password: pulumi.Output<string>;
  declare readonly expiresAt: pulumi.Output<string>;

  constructor(name: string, args: TokenPasswordArgs, opts: pulumi.CustomResourceOptions) {
    const outputs = { slot: undefined, username: undefined, password: undefined, mintedAt: undefined, expiresAt: undefined };
    const inputs = { ...args, login: pulumi.secret(args.login), ...outputs, __provider: PASSWORD_PROVIDER };
    super("pulumi-nodejs:dynamic/aks-fine-tuning:TokenPassword", name, inputs, { ...opts, additionalSecretOutputs: ["password"] });
  }
}
