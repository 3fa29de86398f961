import {
  checkpoint,
  comparable,
  declaredOfLive,
  inputsOfLive,
  parseCheckpoint,
} from "../../sandbox/providers/kubernetes/checkpoint";
import { diffConfiguration } from "../../sandbox/providers/kubernetes/configuration";
import { forceNewPaths } from "../../sandbox/providers/kubernetes/force-new";
import { diffInputs, parsePath, withoutIgnored } from "../../sandbox/providers/kubernetes/input-diff";
import { adoptFields, leaveIgnored } from "../../sandbox/providers/kubernetes/managed-fields";
import { autonamed } from "../../sandbox/providers/kubernetes/naming";
import { kindOfType, nameOf, parseId, plainObject, prune } from "../../sandbox/providers/kubernetes/objects";
import { parseQuantity } from "../../sandbox/quantity";
import type { CheckRequest, DiffRequest } from "../../sandbox/providers/stand-in";
import { type Properties, Secret, UNKNOWN } from "../../sandbox/providers/values";

const IMMUTABLE = { configMaps: false, secrets: false };

function changes(old: Properties, news: Properties, mutable = IMMUTABLE) {
  return diffInputs(old, news, forceNewPaths(news, mutable));
}

describe("what replaces an object", () => {
  const job = (image: string, suspend: boolean): Properties => ({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "tune", namespace: "team" },
    spec: { suspend, template: { spec: { containers: [{ name: "train", image }] } } },
  });
  const configMap = (data: Properties, more: Properties = {}): Properties => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "c" },
    data,
    ...more,
  });

  it("is a Job's template, at the very field that changed", () => {
    expect(changes(job("a:1", true), job("a:2", true))).toEqual({
      "spec.template.spec.containers[0].image": "update-replace",
    });
  });

  it("is not a Job's suspension", () => {
    expect(changes(job("a:1", true), job("a:1", false))).toEqual({ "spec.suspend": "update" });
  });

  it("is a field inside one that appears as a whole", () => {
    const bare = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "tune", namespace: "team" } };
    expect(changes(bare, job("a:1", true))).toEqual({ spec: "add-replace" });
  });

  it("is a ConfigMap's data unless the provider calls ConfigMaps mutable, and then still if it is immutable", () => {
    const [old, news] = [configMap({ k: "1" }), configMap({ k: "2" })];
    const mutable = { configMaps: true, secrets: false };
    expect(changes(old, news)).toEqual({ "data.k": "update-replace" });
    expect(changes(old, news, mutable)).toEqual({ "data.k": "update" });
    const frozen = { immutable: true };
    expect(changes(configMap({ k: "1" }, frozen), configMap({ k: "2" }, frozen), mutable)).toEqual({
      "data.k": "update-replace",
    });
  });

  it.each<[string, string, string, (value: string) => Properties]>([
    ["rbac.authorization.k8s.io/v1", "RoleBinding", "roleRef.name", (name) => ({ roleRef: { name } })],
    ["v1", "PersistentVolumeClaim", "spec.storageClassName", (value) => ({ spec: { storageClassName: value } })],
    ["v1", "PersistentVolume", "spec.csi.driver", (driver) => ({ spec: { csi: { driver } } })],
    ["apps/v1", "Deployment", "spec.selector.matchLabels.a", (a) => ({ spec: { selector: { matchLabels: { a } } } })],
    ["v1", "Namespace", "metadata.name", (name) => ({ metadata: { name } })],
  ])("is, of %s %s, %s", (apiVersion, kind, path, having) => {
    const object = (value: string): Properties => ({ apiVersion, kind, ...having(value) });
    expect(changes(object("a"), object("b"))).toEqual({ [path]: "update-replace" });
  });

  it("is nothing of a kind that the table does not know but its identity", () => {
    const workspace = (name: string, size: string): Properties => ({
      apiVersion: "kaito.sh/v1beta1",
      kind: "Workspace",
      metadata: { name },
      resource: { instanceType: size },
    });
    expect(changes(workspace("w", "a"), workspace("w", "b"))).toEqual({ "resource.instanceType": "update" });
    expect(changes(workspace("w", "a"), workspace("x", "a"))).toEqual({ "metadata.name": "update-replace" });
  });
});

describe("what counts as a change", () => {
  const pod = (limits: Properties): Properties => ({ spec: { containers: [{ resources: { limits } }] } });

  it("is not the canonical form of a quantity", () => {
    const live = { cpu: "1", memory: "1Gi", gpu: "1" };
    expect(changes(pod(live), pod({ cpu: "1000m", memory: "1024Mi", gpu: 1 }))).toEqual({});
    expect(changes(pod({ cpu: "1" }), pod({ cpu: "1500m" }))).toEqual({
      "spec.containers[0].resources.limits.cpu": "update",
    });
  });

  it("is not an empty value that the API server leaves out", () => {
    expect(changes({ spec: {} }, { spec: { hostNetwork: false, nodeSelector: {}, tolerations: [] } })).toEqual({});
  });

  it("is a value that is not known yet", () => {
    const news = { data: { a: UNKNOWN, b: UNKNOWN } };
    expect(changes({ data: { a: "1" } }, news)).toEqual({ "data.a": "update", "data.b": "add" });
  });

  it("is each element of a list that is longer or shorter", () => {
    expect(changes({ a: [1, 2] }, { a: [1] })).toEqual({ "a[1]": "delete" });
    expect(changes({ a: [1] }, { a: [1, 2] })).toEqual({ "a[1]": "add" });
  });

  it("is not what the program ignores, wherever below it", () => {
    const diff = { "spec.template.spec.containers[0].image": "update", 'metadata.labels["a.b/c"]': "add" } as const;
    expect(withoutIgnored(diff, ["spec.template"])).toEqual({ 'metadata.labels["a.b/c"]': "add" });
    expect(withoutIgnored(diff, ['metadata.labels["a.b/c"]', "spec.template.spec.containers[*].image"])).toEqual({});
  });

  it("is found along paths as Pulumi writes them", () => {
    const steps = ["metadata", "annotations", "a.b/c", "x", "0", "*"];
    expect(parsePath('metadata.annotations["a.b/c"].x[0][*]')).toEqual(steps);
  });

  it("reads quantities as Kubernetes does", () => {
    expect(["250m", "4Gi", "1e3", 2, "2k"].map(parseQuantity)).toEqual([0.25, 4 * 2 ** 30, 1000, 2, 2000]);
    expect(["x", "4GiB", ""].map(parseQuantity)).toEqual([undefined, undefined, undefined]);
  });
});

describe("a record that others write", () => {
  const metadata = { name: "tickets", namespace: "team" };
  const declared: Properties = { apiVersion: "v1", kind: "ConfigMap", metadata };
  const live: Properties = {
    ...declared,
    data: { state: "tuning" },
    metadata: {
      name: "tickets",
      namespace: "team",
      uid: "u",
      managedFields: [
        { manager: "pulumi-kubernetes-1", operation: "Apply", fieldsV1: { "f:metadata": { "f:labels": {} } } },
        { manager: "trainer", operation: "Update", fieldsV1: { "f:data": { ".": {}, "f:state": {} } } },
      ],
    },
  };

  it("has the same inputs after a refresh, so nothing is to change", () => {
    expect(declaredOfLive(live, declared)).toEqual(declared);
    expect(changes(prune(live, declared), declared)).toEqual({});
  });

  it("is read with all its data where the program only looks at it", () => {
    expect(inputsOfLive(live)).toEqual({ ...declared, data: { state: "tuning" } });
  });

  it("keeps the data that only others own out of what an update sends", () => {
    const sent = { ...declared, data: { state: "old" } };
    expect(leaveIgnored(sent, live, ["data"], "pulumi-kubernetes-1")).toEqual(declared);
  });

  it("sends what is ours as it is, since leaving it out would remove it", () => {
    const owned = { manager: "us", operation: "Apply", fieldsV1: { "f:data": { ".": {}, "f:state": {} } } };
    const ours = { ...live, metadata: { name: "tickets", managedFields: [owned] } };
    expect(leaveIgnored(declared, ours, ["data"], "us")).toEqual({ ...declared, data: { state: "tuning" } });
  });

  it("hands the fields of the create and of kubectl over before an update, and nobody else's", () => {
    const adopted = adoptFields(
      [
        { manager: "us", operation: "Update", fieldsV1: { "f:data": { "f:a": {} } } },
        { manager: "kubectl-patch", operation: "Update", fieldsV1: { "f:data": { "f:b": {} } } },
        { manager: "trainer", operation: "Update", fieldsV1: { "f:data": { "f:c": {} } } },
      ],
      "us",
    );
    expect(adopted).toEqual([
      { manager: "trainer", operation: "Update", fieldsV1: { "f:data": { "f:c": {} } } },
      { manager: "us", operation: "Apply", fieldsV1: { "f:data": { "f:a": {}, "f:b": {} } } },
    ]);
    expect(adoptFields([{ manager: "trainer", operation: "Update", fieldsV1: {} }], "us")).toBeUndefined();
  });
});

describe("the state", () => {
  it("remembers inputs and field manager beside the live object, without its managed fields", () => {
    const inputs = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" } };
    const live = { ...inputs, metadata: { name: "c", uid: "u", managedFields: [] } };
    const kept = checkpoint(inputs, live, inputs, "manager");
    expect(kept).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c", uid: "u" },
      __inputs: inputs,
      __fieldManager: "manager",
      __initialApiVersion: "v1",
    });
    expect(parseCheckpoint(kept)).toEqual({
      inputs,
      live: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c", uid: "u" } },
      fieldManager: "manager",
    });
  });

  it("keeps a Secret's content secret and every value that came in secret", () => {
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" } };
    expect(checkpoint(secret, { ...secret, data: { a: "YQ==" } }, secret, "m")).toMatchObject({
      data: new Secret({ a: "YQ==" }),
    });
    const given = { kind: "ConfigMap", data: { token: new Secret("t"), plain: "p" } };
    const live = { kind: "ConfigMap", data: { token: "t", plain: "p" } };
    const data = { token: new Secret("t"), plain: "p" };
    expect(checkpoint(plainObject(given), live, given, "m")).toMatchObject({ data });
  });

  it("compares a Secret's stringData as the data that it becomes, and finds it again in a refresh", () => {
    const declared = { kind: "Secret", metadata: { name: "s" }, stringData: { p: "hush" } };
    const live = { kind: "Secret", metadata: { name: "s" }, data: { p: "aHVzaA==" } };
    expect(comparable(declared)).toEqual(live);
    expect(declaredOfLive(live, declared)).toEqual(declared);
  });

  it("identifies objects by type token and id", () => {
    expect(kindOfType("kubernetes:core/v1:ConfigMap")).toEqual({ group: "", version: "v1", kind: "ConfigMap" });
    const workspace = { group: "kaito.sh", version: "v1beta1", kind: "Workspace" };
    expect(kindOfType("kubernetes:kaito.sh/v1beta1:Workspace")).toEqual(workspace);
    expect(parseId("team/tickets")).toEqual({ namespace: "team", name: "tickets" });
    expect(parseId("team")).toEqual({ namespace: "", name: "team" });
  });
});

describe("names", () => {
  const request: CheckRequest = {
    urn: "urn",
    type: "kubernetes:core/v1:ConfigMap",
    name: "config",
    signal: new AbortController().signal,
    olds: {},
    news: {},
    randomSeed: new Uint8Array([1, 2, 3]),
    autonaming: undefined,
  };

  it("are made from the engine's seed, the same in preview and update, and marked", () => {
    const named = autonamed({ kind: "ConfigMap" }, {}, request);
    expect(named).toEqual(autonamed({ kind: "ConfigMap" }, {}, request));
    expect(named).toMatchObject({ metadata: { annotations: { "pulumi.com/autonamed": "true" } } });
    expect(nameOf(named)).toMatch(/^config-[a-z0-9]{8}$/);
  });

  it("stay when they were made here before, and only then", () => {
    const old = autonamed({}, {}, request);
    expect(autonamed({ data: {} }, old, { ...request, randomSeed: new Uint8Array([9]) })).toMatchObject({
      metadata: old["metadata"],
    });
    expect(autonamed({}, { metadata: { name: "given" } }, request)).toEqual({});
  });

  it("are left alone when given or not known yet", () => {
    const given = { metadata: { name: "c" } };
    expect(autonamed(given, {}, request)).toBe(given);
    const later = { metadata: { name: UNKNOWN } };
    expect(autonamed(later, {}, request)).toBe(later);
  });
});

describe("a changed provider", () => {
  const kubeconfig = (server: string, user = "a"): string =>
    JSON.stringify({
      "current-context": "x",
      clusters: [{ name: "x", cluster: { server } }],
      users: [{ name: "x", user: { token: user } }],
      contexts: [{ name: "x", context: { cluster: "x", user: "x" } }],
    });
  const diff = (oldInputs: Properties, news: Properties) => {
    const request: DiffRequest = {
      urn: "urn",
      type: "pulumi:providers:kubernetes",
      name: "cluster",
      signal: new AbortController().signal,
      id: "id",
      olds: oldInputs,
      oldInputs,
      news,
      ignoreChanges: [],
    };
    return diffConfiguration(request).replaces ?? [];
  };

  it("replaces nothing while the cluster's identifier stays", () => {
    const old = { kubeconfig: kubeconfig("https://a"), clusterIdentifier: "id" };
    expect(diff(old, { ...old, kubeconfig: kubeconfig("https://b") })).toEqual([]);
    expect(diff(old, { ...old, kubeconfig: UNKNOWN })).toEqual([]);
  });

  it("replaces everything when the identifier changes, not when it is added", () => {
    const old = { kubeconfig: kubeconfig("https://a"), clusterIdentifier: "id" };
    expect(diff(old, { ...old, clusterIdentifier: "other" })).toEqual(["clusterIdentifier"]);
    expect(diff({ kubeconfig: kubeconfig("https://a") }, old)).toEqual([]);
  });

  it("without an identifier, replaces everything for another cluster entry or an unknown kubeconfig", () => {
    const old = { kubeconfig: kubeconfig("https://a") };
    expect(diff(old, { kubeconfig: kubeconfig("https://a", "b") })).toEqual([]);
    expect(diff(old, { kubeconfig: kubeconfig("https://b") })).toEqual(["kubeconfig"]);
    expect(diff(old, { kubeconfig: UNKNOWN })).toEqual(["kubeconfig"]);
  });
});
