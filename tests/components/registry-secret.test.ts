import type { ClientUnaryCall } from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest, ResourceInvokeRequest } from "@pulumi/pulumi/proto/resource_pb";
import { RegistrySecret, type RegistrySecretArgs, Team } from "../../components";
import { PASSWORD_PROVIDER } from "../../components/registry-secret/password-provider";
import { keepSecretsUnlogged, withoutSecretAnswer } from "../../components/registry-secret/unlogged-answers";
import { planRegistrySecret } from "../../components/plan/registry/secret";
import { mockEngine, type Registration } from "../support/mock-engine";
import { existingCluster, EXISTING_PROVIDER, existingTeam } from "../support/references";
import { messageOf } from "../support/refusal";
import { resolved } from "../support/resolved";

const ID = "/subscriptions/5a4db0c5/resourceGroups/ai/providers/Microsoft.ContainerRegistry/registries/mlreg";
const REGISTRY = { id: ID, loginServer: "mlreg.azurecr.io" };
const DECISIONS = { repository: "support/tickets", access: "push", validHours: 48, mintedFor: "run-1" } as const;
const { tokenName } = planRegistrySecret("tickets-push", DECISIONS, { project: "aks-fine-tuning", stack: "test", registryId: ID, resourceManager: {} });

const args = (changes: Partial<RegistrySecretArgs> = {}): RegistrySecretArgs => ({ team: existingTeam(existingCluster()), registry: REGISTRY, ...DECISIONS, ...changes });

async function registered(changes: Partial<RegistrySecretArgs> = {}): Promise<Registration[]> {
  const engine = await mockEngine();
  new RegistrySecret("tickets-push", args(changes));
  return engine.registered();
}

const AT = { resourceGroupName: "ai", registryName: "mlreg" };
const parent = "RegistrySecret tickets-push";
const COMPONENT: Registration = {
  type: "aks-fine-tuning:index:RegistrySecret",
  name: "tickets-push",
  inputs: { secretName: "tickets-push", repository: "support/tickets", access: "push", validHours: 48 },
};
const SCOPE_MAP: Registration = {
  type: "azure-native:containerregistry:ScopeMap",
  name: "tickets-push",
  parent,
  inputs: {
    ...AT,
    scopeMapName: tokenName,
    description: "aks-fine-tuning: RegistrySecret tickets-push",
    actions: ["repositories/support/tickets/content/read", "repositories/support/tickets/content/write"],
  },
};
const TOKEN: Registration = {
  type: "azure-native:containerregistry:Token",
  name: "tickets-push",
  parent,
  ignoreChanges: ["credentials"],
  after: ["ScopeMap tickets-push"],
  inputs: { ...AT, tokenName, scopeMapId: "ScopeMap/tickets-push", status: "enabled" },
};
const SECRET: Registration = {
  type: "kubernetes:core/v1:Secret",
  name: "tickets-push",
  parent,
  provider: "providers:kubernetes ai",
  after: ["TokenPassword tickets-push"],
  inputs: {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "tickets-push", namespace: "support", labels: { "app.kubernetes.io/component": "registry-secret", "app.kubernetes.io/managed-by": "aks-fine-tuning" } },
    type: "kubernetes.io/dockerconfigjson",
    immutable: false,
    data: secret({ ".dockerconfigjson": configOf("mlreg.azurecr.io") }),
  },
};
const PASSWORD: Registration = {
  type: "pulumi-nodejs:dynamic/aks-fine-tuning:TokenPassword",
  name: "tickets-push",
  parent,
  after: ["Token tickets-push"],
  additionalSecretOutputs: ["password"],
  inputs: {
    tokenId: "Token/tickets-push",
    tokenCreated: "2026-11-26T11:00:00Z",
    validHours: 48,
    mintedFor: "run-1",
    renew: false,
    endpoint: "https://management.azure.com",
    settleSeconds: 60,
    login: secret("login"),
    __provider: PASSWORD_PROVIDER,
  },
};

/** A value as the engine is told that it is secret. */
function secret(value: unknown): unknown {
  return { [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig, value };
}

function configOf(loginServer: string): string {
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const login = { username: "tickets-push", password: "minted", auth: base64("tickets-push:minted") };
  return base64(JSON.stringify({ auths: { [loginServer]: login } }));
}

const VARIABLES = ["AKS_FINE_TUNING_RESOURCE_MANAGER", "ARM_ENVIRONMENT"] as const;
afterEach(() => {
  for (const variable of VARIABLES) Reflect.deleteProperty(process.env, variable);
});

describe("RegistrySecret", () => {
  it("registers a token for one repository, a password of it, and the Secret that holds it", async () => {
    expect(await registered()).toEqual([COMPONENT, SCOPE_MAP, TOKEN, SECRET, PASSWORD, EXISTING_PROVIDER]);
  });

  it("registers what may read alone, is renewed, and has a name of its own", async () => {
    const [component, scopeMap, token, secret, password] = await registered({ access: "pull", renew: true, mintedFor: undefined, secretName: "pull", validHours: 720 });
    expect(component?.inputs).toEqual({ secretName: "pull", repository: "support/tickets", access: "pull", validHours: 720 });
    expect(scopeMap?.inputs["actions"]).toEqual(["repositories/support/tickets/content/read"]);
    expect(token).toEqual(TOKEN);
    expect(secret?.inputs["metadata"]).toMatchObject({ name: "pull" });
    const { mintedFor, ...rest } = PASSWORD.inputs;
    expect([mintedFor, password?.inputs]).toEqual(["run-1", { ...rest, renew: true, validHours: 720 }]);
  });

  it("says its name at once, and when its password ends", async () => {
    const engine = await mockEngine();
    const secret = new RegistrySecret("tickets-push", args());
    expect(await resolved(secret.secretName)).toBe("tickets-push");
    expect(await resolved(secret.expiresAt)).toBe("2026-11-28T11:00:00.000Z");
    expect(await pulumi.isSecret(secret.expiresAt)).toBe(false);
    await engine.registered();
  });

  it("asks Azure for a login when the token is there and not before, as a login lasts an hour", async () => {
    const engine = await mockEngine();
    const asked: string[] = [];
    const monitor = pulumi.runtime.getMonitor();
    if (!monitor) throw new Error("mocks are not set");
    const register: (request: RegisterResourceRequest, ...rest: never[]) => ClientUnaryCall = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request: RegisterResourceRequest, ...rest: never[]) => {
      asked.push(request.getType());
      return register(request, ...rest);
    };
    const invoke: (request: ResourceInvokeRequest, ...rest: never[]) => ClientUnaryCall = monitor.invoke.bind(monitor);
    monitor.invoke = (request: ResourceInvokeRequest, ...rest: never[]) => {
      asked.push(request.getTok());
      return invoke(request, ...rest);
    };
    new RegistrySecret("tickets-push", args());
    await engine.registered();
    const order = [TOKEN.type, "azure-native:authorization:getClientToken", PASSWORD.type, SECRET.type];
    expect(asked.filter((each) => order.includes(each))).toEqual(order);
  });

  it("waits for the whole of a team that is made here, as no Secret comes before its namespace", async () => {
    const engine = await mockEngine();
    const team = new Team("support", { cluster: existingCluster(), adapters: REGISTRY });
    new RegistrySecret("tickets-push", args({ team }));
    const secret = (await engine.registered()).find(({ type, name }) => type === SECRET.type && name === "tickets-push");
    expect(secret?.after).toEqual(expect.arrayContaining(["Namespace support", "TokenPassword tickets-push"]));
  });

  it.each([
    [{ ARM_ENVIRONMENT: "usgovernment" }, "https://management.usgovcloudapi.net", 60],
    [{ ARM_ENVIRONMENT: "usgovernment", AKS_FINE_TUNING_RESOURCE_MANAGER: "http://127.0.0.1:20001/" }, "http://127.0.0.1:20001", 0],
  ])("asks Resource Manager where %j says", async (variables, endpoint, settleSeconds) => {
    Object.assign(process.env, variables);
    const password = (await registered()).find(({ type }) => type === PASSWORD.type);
    expect(password?.inputs).toEqual({ ...PASSWORD.inputs, endpoint, settleSeconds });
  });

  it("takes a registry's id that is known later", async () => {
    expect(await registered({ registry: { ...REGISTRY, id: pulumi.output(ID) } })).toEqual([COMPONENT, SCOPE_MAP, TOKEN, SECRET, PASSWORD, EXISTING_PROVIDER]);
  });

  it("registers nothing for bad arguments", async () => {
    const engine = await mockEngine();
    const team = existingTeam(existingCluster());
    expect(messageOf(() => new RegistrySecret("tickets-push", { ...args(), team, registry: { ...REGISTRY, id: "mlreg" }, validHours: 0 }))).toMatch(/AKSFT-SECRET-03 .*\n.*AKSFT-SECRET-05 /);
    const kinds = (await engine.registered()).map(({ type }) => type);
    expect(kinds.filter((type) => !type.startsWith("pulumi:providers:"))).toEqual([]);
  });
});

describe("the SDK's debug log", () => {
  const ANSWER = "urn:pulumi:x,id,password,,,minted\nand more";

  it.each([
    "RegisterResource RPC finished: resource:tickets-push[pulumi-nodejs:dynamic/aks-fine-tuning:TokenPassword]; err: null, resp: ",
    "RegisterResource RPC finished: resource:a name[kubernetes:core/v1:Secret]; err: null, resp: ",
    "Invoke RPC finished: tok=azure-native:authorization:getClientToken; err: null, resp: ",
  ])("repeats no answer that is secret: %s", (begin) => {
    expect(withoutSecretAnswer(`${begin}${ANSWER}`)).toBe(`${begin}[secret]`);
  });

  it.each([
    "RegisterResource RPC finished: resource:adapters[azure-native:resources:Resource]; err: null, resp: ",
    "Invoke RPC finished: tok=azure-native:authorization:getClientConfig; err: null, resp: ",
    "RegisterResource RPC finished: resource:tickets-push[kubernetes:core/v1:Secret]; err: Error: refused, resp: ",
    "anything else: ",
  ])("repeats what it did: %s", (begin) => {
    expect(withoutSecretAnswer(`${begin}${ANSWER}`)).toBe(`${begin}${ANSWER}`);
  });

  it("is guarded once for each engine, and where there is one", () => {
    const said: string[] = [];
    const engine = { log: (request: { getMessage(): string }) => void said.push(request.getMessage()) };
    const log = (message: string): void => {
      let text = message;
      engine.log({ getMessage: () => text, setMessage: (next: string) => void (text = next) } as never);
    };
    keepSecretsUnlogged(engine as never);
    const guarded = engine.log;
    keepSecretsUnlogged(engine as never);
    expect(engine.log).toBe(guarded);
    log("Invoke RPC finished: tok=azure-native:authorization:getClientToken; err: null, resp: token,login");
    log("fine");
    expect(said).toEqual(["Invoke RPC finished: tok=azure-native:authorization:getClientToken; err: null, resp: [secret]", "fine"]);
  });
});
