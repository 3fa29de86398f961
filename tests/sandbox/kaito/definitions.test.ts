import { kaitoDefinitions } from "../../../sandbox/kaito/definitions";
import { PLAYED_VERSIONS } from "../../../sandbox/kaito/versions";

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly [extension: `x-kubernetes-${string}`]: unknown;
}

const FREE = "x-kubernetes-preserve-unknown-fields";

function schemaOf(version: (typeof PLAYED_VERSIONS)[number], kind: string, api: string): Schema {
  const { templates, crds } = kaitoDefinitions(version);
  const definition = [...templates, ...crds].find(({ spec }) => spec.names["kind"] === kind);
  const found = definition?.spec.versions.find(({ name }) => name === api)?.["schema"] as { readonly openAPIV3Schema: Schema } | undefined;
  if (!found) throw new Error(`${version} has no ${kind} ${api}`);
  return found.openAPIV3Schema;
}

/** Paths of schemas that the API server would not take: neither a type nor anything at all, or required but unknown. */
function unstructured(schema: Schema, path = ""): readonly string[] {
  const own = schema.type === undefined && schema[FREE] !== true && schema["x-kubernetes-int-or-string"] !== true ? [path] : [];
  const missing = (schema.required ?? []).filter((name) => !(name in (schema.properties ?? {}))).map((name) => `${path}.${name} is required and unknown`);
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => unstructured(property, `${path}.${name}`));
  const parts = [schema.items, schema.additionalProperties].flatMap((part) => (part ? unstructured(part, `${path}[]`) : []));
  return [...own, ...missing, ...inner, ...parts];
}

function at(schema: Schema, ...path: readonly string[]): Schema | undefined {
  return path.reduce<Schema | undefined>((inner, step) => (step === "[]" ? inner?.items : inner?.properties?.[step]), schema);
}

describe.each(PLAYED_VERSIONS)("KAITO's kinds in %s", (version) => {
  const { templates, crds } = kaitoDefinitions(version);

  it("are structural in every version of the API, and one of them is stored", () => {
    for (const { metadata, spec } of [...templates, ...crds]) {
      expect(metadata.name).toBe(`${String(spec.names["plural"])}.${spec.group}`);
      expect(spec.versions.filter(({ storage }) => storage === true)).toHaveLength(1);
      for (const served of spec.versions) {
        expect(unstructured((served["schema"] as { readonly openAPIV3Schema: Schema }).openAPIV3Schema)).toEqual([]);
      }
    }
  });

  it("have a Workspace without a spec, that takes any volume and any pod", () => {
    const workspace = schemaOf(version, "Workspace", "v1beta1");
    expect(Object.keys(workspace.properties ?? {})).toEqual(["resource", "inference", "tuning", "status"]);
    expect(at(workspace, "tuning", "input", "volumeSource")).toEqual({ [FREE]: true });
    expect(at(workspace, "inference", "template")).toEqual({ [FREE]: true });
    expect(at(workspace, "tuning")?.required).toEqual(["input", "output"]);
    expect(at(workspace, "resource")?.required).toEqual(["labelSelector"]);
  });

  it("fill in a size in the older API, which knows no secret of a model", () => {
    const old = schemaOf(version, "Workspace", "v1alpha1");
    expect(at(old, "resource", "instanceType")?.default).toBe("Standard_NC24ads_A100_v4");
    expect(at(old, "inference", "preset", "presetOptions", "modelAccessSecret")).toBeUndefined();
    expect(at(old, "resource", "partition")).toBeUndefined();
    expect(at(schemaOf(version, "Workspace", "v1beta1"), "inference", "preset", "presetOptions", "modelAccessSecret")).toEqual({ type: "string" });
  });

  it("leave NodeClaims behind when the chart goes", () => {
    expect(crds.map(({ metadata }) => metadata.name)).toEqual(["nodeclaims.karpenter.sh"]);
  });
});

it("InferenceSets scale, and came after 0.6, as parts of GPUs and states did", () => {
  const kinds = (version: (typeof PLAYED_VERSIONS)[number]) => kaitoDefinitions(version).templates.map(({ spec }) => spec.names["kind"]);
  expect([kinds("0.6"), kinds("0.12")]).toEqual([["Workspace"], ["Workspace", "InferenceSet"]]);
  const set = kaitoDefinitions("0.12").templates[1];
  expect(set?.spec.versions.map(({ subresources }) => subresources)).toEqual([
    { status: {}, scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas", labelSelectorPath: ".status.selector" } },
    { status: {}, scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas", labelSelectorPath: ".status.selector" } },
  ]);
  for (const [path, known] of [[["resource", "partition"], true], [["status", "state"], true], [["status", "conditions"], false]] as const) {
    expect(at(schemaOf("0.12", "Workspace", "v1beta1"), ...path)).toBeDefined();
    expect(at(schemaOf("0.6", "Workspace", "v1beta1"), ...path) === undefined).toBe(known);
  }
});
