import { Team, type TeamArgs } from "../../components";
import type { ClusterRef } from "../../components";
import {
  CHILD,
  credential,
  fileShare,
  IDENTITY,
  INSIDE,
  inside,
  LASTING,
  MADE,
  namespace,
  OWN_LABELS,
  OWN_TAGS,
  planned,
  type Pusher,
  pushAccount,
  role,
  SHARE_MADE,
  SOFT_DELETE,
  storageAccount,
  volume,
  wholeTeam,
} from "../support/expected-team";
import { mockEngine, type Registration } from "../support/mock-engine";
import { existingCluster, EXISTING_PROVIDER, EXISTING_REGISTRY } from "../support/references";
import { problemsOf } from "../support/refusal";
import { resolved } from "../support/resolved";

const OWN_PUSH = [IDENTITY, role(MADE), credential(MADE, "tuning"), pushAccount(MADE, "tuning")];
const DEVELOPMENT_SHARE = [storageAccount({}), fileShare({}), volume(SHARE_MADE)];
const PRODUCTION_SHARE = [
  storageAccount(LASTING),
  SOFT_DELETE,
  fileShare(LASTING, ["FileServiceProperties support-checkpoints"]),
  volume(SHARE_MADE),
];

async function registeredWith(args: Partial<TeamArgs>, cluster: Partial<ClusterRef> = {}): Promise<Registration[]> {
  const engine = await mockEngine();
  new Team("support", { cluster: existingCluster(cluster), adapters: EXISTING_REGISTRY, ...args });
  return engine.registered();
}

describe("Team", () => {
  it("registers a guarded namespace, an identity for its own repositories, and a share that outlives the team", async () => {
    expect(await registeredWith({})).toEqual(wholeTeam(planned(), [namespace(), ...OWN_PUSH, ...PRODUCTION_SHARE]));
  });

  it("keeps nothing in Azure beyond the program in development", async () => {
    const plan = planned({ environment: "development" });
    const expected = wholeTeam(plan, [namespace(), ...OWN_PUSH, ...DEVELOPMENT_SHARE]);
    expect(await registeredWith({ environment: "development" })).toEqual(expected);
    expect(await registeredWith({}, { environment: "development" })).toEqual(expected);
  });

  it("protects the share and its account alone where asked to", async () => {
    const args = { environment: "development", protect: true } as const;
    const share = [storageAccount({ protect: true }), fileShare({ protect: true }), volume(SHARE_MADE)];
    expect(await registeredWith(args)).toEqual(wholeTeam(planned(args), [namespace(), ...OWN_PUSH, ...share]));
  });

  it("limits the team to the given figures and opens what it names", async () => {
    const args = {
      environment: "development",
      maxGpus: 2,
      quota: { pods: 5 },
      containers: { memoryGiB: 2 },
      allowedEgress: [{ range: "10.20.0.0/24", ports: [443] }],
    } as const;
    expect(await registeredWith(args)).toEqual(wholeTeam(planned(args), [namespace(), ...OWN_PUSH, ...DEVELOPMENT_SHARE]));
  });

  it("lets pods in that are not restricted where it is told to, which the namespace shows and its record keeps", async () => {
    const args = { environment: "development", podSecurity: "baseline", containers: { memoryGiB: 220, localDiskGiB: 300 } } as const;
    const loose = { "pod-security.kubernetes.io/enforce": "baseline", "pod-security.kubernetes.io/warn": "baseline" };
    const strict = namespace();
    const metadata = { name: "support", labels: { ...OWN_LABELS, ...loose } };
    const made = { ...strict, inputs: { ...strict.inputs, metadata } };
    expect(await registeredWith(args)).toEqual(wholeTeam(planned(args), [made, ...OWN_PUSH, ...DEVELOPMENT_SHARE]));
  });

  it("carries the user's labels and tags beside its own", async () => {
    const args = { environment: "development", labels: { owner: "ml" }, tags: { "cost-center": "4711" } } as const;
    const tags = { "cost-center": "4711", ...OWN_TAGS };
    expect(await registeredWith(args)).toEqual(
      wholeTeam(planned(args), [
        namespace({ owner: "ml" }),
        ...[role(MADE), credential(MADE, "tuning"), pushAccount(MADE, "tuning")],
        { ...IDENTITY, inputs: { ...IDENTITY.inputs, tags } },
        ...[storageAccount({}, { tags }), fileShare({}), volume(SHARE_MADE)],
      ]),
    );
  });

  it("encrypts on the way and spreads over zones where asked to", async () => {
    const args = { environment: "development", zoneRedundant: true, encryptInTransit: true } as const;
    const share = [storageAccount({}, { sku: { name: "Premium_ZRS" } }), fileShare({}), volume(SHARE_MADE, {}, true)];
    expect(await registeredWith(args)).toEqual(wholeTeam(planned(args), [namespace(), ...OWN_PUSH, ...share]));
  });

  it("lets more accounts push, with credentials made one after another", async () => {
    const args = { environment: "development", pushers: ["ci", "nightly"] } as const;
    expect(await registeredWith(args)).toEqual(
      wholeTeam(planned(args), [
        namespace(),
        ...OWN_PUSH,
        credential(MADE, "ci", ["FederatedIdentityCredential support-push"]),
        credential(MADE, "nightly", ["FederatedIdentityCredential support-push-ci"]),
        pushAccount(MADE, "ci"),
        pushAccount(MADE, "nightly"),
        ...DEVELOPMENT_SHARE,
      ]),
    );
  });

  it("uses an identity and a share that exist, and makes neither", async () => {
    const existing: Pusher = {
      after: [],
      id: "push-id",
      resourceGroupName: "identities",
      identityName: "push",
      clientId: "push-client",
      principalId: "push-principal",
    };
    const { after, ...pushIdentity } = existing;
    const checkpointsShare = { resourceGroupName: "files", storageAccountName: "mlfiles", shareName: "runs" };
    expect(await registeredWith({ pushIdentity, checkpointsShare })).toEqual(
      wholeTeam(planned({ checkpointsShare }), [
        namespace(),
        role(existing),
        credential(existing, "tuning"),
        pushAccount(existing, "tuning"),
        volume(after, { account: "mlfiles", share: "runs", group: "files" }),
      ]),
    );
  });

  it("allows names alone where the cluster's Cilium knows them", async () => {
    const args = { environment: "development", egressNames: ["huggingface.co"] } as const;
    expect(await registeredWith(args)).toEqual(
      wholeTeam(planned(args), [
        namespace(),
        ...OWN_PUSH,
        ...DEVELOPMENT_SHARE,
        {
          type: "kubernetes:cilium.io/v2:CiliumNetworkPolicy",
          name: "support-egress-names",
          ...INSIDE,
          inputs: {
            apiVersion: "cilium.io/v2",
            kind: "CiliumNetworkPolicy",
            metadata: inside("egress-names"),
            spec: expect.objectContaining({
              egress: expect.arrayContaining([
                {
                  toFQDNs: ["login.microsoftonline.com", "mlreg.azurecr.io", "huggingface.co"].map((matchName) => ({ matchName })),
                  toPorts: [{ ports: [{ port: "443", protocol: "TCP" }] }],
                },
              ]),
            }),
          },
        },
      ]),
    );
  });

  it("tells runs and services what is theirs", async () => {
    const engine = await mockEngine();
    const team = new Team("support", { cluster: existingCluster(), adapters: EXISTING_REGISTRY });
    const named = [team.tuningServiceAccount, team.servingServiceAccount, team.checkpointsClaim].map((output) => resolved(output));
    expect([team.namespace, ...(await Promise.all(named))]).toEqual(["support", "tuning", "serving", "checkpoints"]);
    expect(team.podSecurity).toBe("restricted");
    await engine.registered();
  });

  it("registers nothing for bad arguments and lists all of them", async () => {
    const engine = await mockEngine();
    const bad = { cluster: existingCluster(), adapters: EXISTING_REGISTRY, maxGpus: -1, checkpointsGiB: 10 };
    expect(problemsOf(() => new Team("Fine_Tune", bad)).map((problem) => problem.split(" ")[0])).toEqual([
      "AKSFT-NAME-05",
      "AKSFT-TEAM-01",
      "AKSFT-TEAM-02",
    ]);
    expect(await engine.registered()).toEqual([EXISTING_PROVIDER]);
  });
});

describe("Team with private endpoints", () => {
  const endpoints = { subnetId: "endpoints-id", range: "10.100.16.0/24" };
  const network = (zones: object) => ({ nodeSubnetId: "subnet-id", nodeRange: "10.100.0.0/20", privateEndpoints: { ...endpoints, zones } });
  const closed = { publicNetworkAccess: "Disabled", networkRuleSet: { defaultAction: "Deny", bypass: "None", virtualNetworkRules: [] } };
  const share = [storageAccount(LASTING, closed), SOFT_DELETE, fileShare(LASTING, ["FileServiceProperties support-checkpoints"])];
  const endpoint: Registration = {
    type: "azure-native:network:PrivateEndpoint",
    name: "support-checkpoints",
    ...CHILD,
    after: ["StorageAccount support-checkpoints"],
    inputs: {
      resourceGroupName: "group",
      tags: OWN_TAGS,
      // The SDK fills in what Azure takes for a subnet that is only named.
      subnet: { id: "endpoints-id", privateEndpointNetworkPolicies: "Disabled", privateLinkServiceNetworkPolicies: "Enabled" },
      privateLinkServiceConnections: [{ name: "checkpoints", privateLinkServiceId: "StorageAccount/support-checkpoints", groupIds: ["file"] }],
    },
  };

  it("closes the account to all but the network, names it there, and mounts nothing before", async () => {
    const cluster = { network: network({ files: "zone-id" }), privateApiServer: true };
    const names: Registration = {
      type: "azure-native:network:PrivateDnsZoneGroup",
      name: "support-checkpoints",
      ...CHILD,
      after: ["PrivateEndpoint support-checkpoints"],
      inputs: {
        resourceGroupName: "group",
        privateEndpointName: "support-checkpoints",
        privateDnsZoneGroupName: "default",
        privateDnsZoneConfigs: [{ name: "files", privateDnsZoneId: "zone-id" }],
      },
    };
    const after = [...SHARE_MADE, "PrivateDnsZoneGroup support-checkpoints", "PrivateEndpoint support-checkpoints"];
    const expected = wholeTeam(planned({ cluster }), [namespace(), ...OWN_PUSH, ...share, endpoint, names, volume(after)]);
    expect(await registeredWith({}, cluster)).toEqual(expected);
  });

  it("leaves the name to whoever keeps the zone", async () => {
    const cluster = { network: network({}) };
    const after = [...SHARE_MADE, "PrivateEndpoint support-checkpoints"];
    const expected = wholeTeam(planned({ cluster }), [namespace(), ...OWN_PUSH, ...share, endpoint, volume(after)]);
    expect(await registeredWith({}, cluster)).toEqual(expected);
  });
});
