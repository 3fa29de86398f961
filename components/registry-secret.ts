import { getClientTokenOutput } from "@pulumi/azure-native/authorization/getClientToken";
import { ScopeMap } from "@pulumi/azure-native/containerregistry/scopeMap";
import { Token } from "@pulumi/azure-native/containerregistry/token";
import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import * as pulumi from "@pulumi/pulumi";
import { checked } from "./checked";
import { dockerConfigJson } from "./plan/manifests/registry-secret";
import { RESOURCE_MANAGER_VARIABLE } from "./plan/registry/resource-manager";
import { planRegistrySecret, registryIdProblems, registryPlace, type RegistrySecretDecisions, type RegistrySecretPlan } from "./plan/registry/secret";
import type { RegistryRef } from "./registry";
import { TokenPassword } from "./registry-secret/token-password";
import { keepSecretsUnlogged } from "./registry-secret/unlogged-answers";
import { guardsOf, type TeamRef } from "./team";

/** Arguments of a RegistrySecret. */
export interface RegistrySecretArgs extends RegistrySecretDecisions {
  /** Team in whose namespace the Secret is. */
  readonly team: TeamRef;
  /** Registry that has the repository. */
  readonly registry: RegistryRef;
}

/**
 * A password to one repository, for a limited time, as a Secret in a team's namespace: for what can push or pull in no other way, as KAITO's pods,
 * which know no identities.
 *
 * Creates a scope map for the repository, a token with it, a password of the token, and a Secret of type `kubernetes.io/dockerconfigjson`. Tokens are
 * permissions of the registry itself and no role assignments, so they work beside a registry's repository-permission mode. Another `mintedFor`, or
 * `renew` once two thirds of the password's life are over, makes `pulumi up` mint the next one into the other of the token's two slots: the last one
 * stays valid until it expires or is followed again, and Azure takes up to a minute until it knows the new one, which is waited for. The Secret
 * is written in place where the cluster's provider has `enableSecretMutable`, as `clusterProvider`'s has, else deleted and made again. With the
 * component the token goes, and at once every password of it.
 *
 * The password is in Pulumi's state encrypted, and in the Secret; the login that mints it, azure-native's own, is in neither. That login needs
 * `Microsoft.ContainerRegistry/registries/generateCredentials/action`, which Contributor has. In its namespace the Secret is read by whoever has a role
 * that says so, and none of the team's accounts does; KAITO's own controller reads Secrets of all namespaces by the role of its chart. It costs
 * nothing, idle or busy.
 *
 * @example
 * const push = new RegistrySecret("tickets-push", { team, registry: adapters, repository: "support/tickets", access: "push", validHours: 48, mintedFor: runId });
 */
export class RegistrySecret extends pulumi.ComponentResource {
  /** Name of the Secret, known from the start: what uses it depends on this component, and stays when the Secret is written anew. */
  readonly secretName: pulumi.Output<string>;
  /** When the password ends, as an ISO time. */
  readonly expiresAt: pulumi.Output<string>;

  constructor(name: string, args: RegistrySecretArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planRegistrySecret(name, args, {
      project: pulumi.getProject(),
      stack: pulumi.getStack(),
      registryId: args.registry.id,
      resourceManager: {
        environment: new pulumi.Config("azure-native").get("environment") ?? process.env["ARM_ENVIRONMENT"],
        endpoint: process.env[RESOURCE_MANAGER_VARIABLE],
      },
    });
    const { repository, access, validHours, mintedFor } = args;
    super("aks-fine-tuning:index:RegistrySecret", name, { secretName: plan.secretName, repository, access, validHours }, opts);
    keepSecretsUnlogged();

    const token = registryToken(this, name, plan, args.registry);
    const password = tokenPassword(this, name, plan, { token, mintedFor });
    loginSecret(this, name, plan, { args, password });
    this.secretName = pulumi.output(plan.secretName);
    this.expiresAt = password.expiresAt;
    this.registerOutputs({ secretName: this.secretName, expiresAt: this.expiresAt });
  }
}

function registryToken(parent: RegistrySecret, name: string, plan: RegistrySecretPlan, registry: RegistryRef): Token {
  const id = checked(`RegistrySecret "${name}"`, registry.id, (known) => registryIdProblems(known));
  const place = pulumi.output(id).apply(registryPlace);
  const { tokenName, actions } = plan;
  const at = { resourceGroupName: place.resourceGroupName, registryName: place.registryName };
  const scopeMap = new ScopeMap(name, { ...at, scopeMapName: tokenName, actions: [...actions], description: `aks-fine-tuning: RegistrySecret ${name}` }, { parent });
  // The provider takes passwords that were minted since for a change to be undone, and would do so with a write that knows none of them.
  return new Token(name, { ...at, tokenName, scopeMapId: scopeMap.id, status: "enabled" }, { parent, ignoreChanges: ["credentials"] });
}

interface Minting {
  readonly token: Token;
  readonly mintedFor: string | undefined;
}

function tokenPassword(parent: RegistrySecret, name: string, plan: RegistrySecretPlan, { token, mintedFor }: Minting): TokenPassword {
  // Asked for when the token is there, as a login lasts about an hour, and a platform may be made before it.
  const login = token.id.apply(() => getClientTokenOutput({}, { parent }).token);
  const { validHours, renew, resourceManager } = plan;
  const args = { tokenId: token.id, tokenCreated: token.creationDate, validHours, mintedFor, renew, ...resourceManager, login };
  return new TokenPassword(name, args, { parent });
}

interface Login {
  readonly args: RegistrySecretArgs;
  readonly password: TokenPassword;
}

function loginSecret(parent: RegistrySecret, name: string, plan: RegistrySecretPlan, { args, password }: Login): Secret {
  const { team, registry } = args;
  const config = pulumi
    .all([registry.loginServer, password.username, pulumi.secret(password.password)])
    .apply(([loginServer, username, value]) => dockerConfigJson({ loginServer, username, password: value }));
  const labels = { "app.kubernetes.io/component": "registry-secret", "app.kubernetes.io/managed-by": "aks-fine-tuning" };
  return new Secret(
    name,
    {
      metadata: { name: plan.secretName, namespace: team.namespace, labels },
      type: "kubernetes.io/dockerconfigjson",
      immutable: false,
      data: { ".dockerconfigjson": config },
    },
    { parent, provider: team.cluster.provider, dependsOn: guardsOf(team) },
  );
}
