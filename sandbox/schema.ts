/** Parts of the structural schemas that custom resource definitions are written in: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema */
export type Schema = Readonly<Record<string, unknown>>;

export const text = { type: "string" } as const;
export const flag = { type: "boolean" } as const;
/** Anything at all, which the API server neither checks nor prunes. */
export const anything = { "x-kubernetes-preserve-unknown-fields": true } as const;

export function whole(minimum?: number, maximum?: number): Schema {
  return { type: "integer", ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) };
}

export function oneOf(...values: readonly string[]): Schema {
  return { type: "string", enum: values };
}

export function list(items: Schema): Schema {
  return { type: "array", items };
}

export function mapOf(additionalProperties: Schema): Schema {
  return { type: "object", additionalProperties };
}

export function fields(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return { type: "object", properties, ...(required.length > 0 ? { required } : {}) };
}

/** What the API server fills in where nothing is said. */
export function withDefault(schema: Schema, value: unknown): Schema {
  return { ...schema, default: value };
}

/** One version of a kind. */
export interface KindVersion {
  readonly name: string;
  /** Fields beside apiVersion, kind and metadata. */
  readonly schema: Schema;
  readonly storage: boolean;
  readonly subresources: Readonly<Record<string, Schema>>;
  /** Columns of `kubectl get`: their names, types and JSON paths. */
  readonly columns?: readonly (readonly [name: string, type: string, jsonPath: string])[];
}

export interface CustomResourceDefinition {
  readonly apiVersion: "apiextensions.k8s.io/v1";
  readonly kind: "CustomResourceDefinition";
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly scope: "Cluster" | "Namespaced";
    readonly names: Readonly<Record<string, unknown>>;
    readonly versions: readonly Readonly<Record<string, unknown>>[];
  };
}

export interface KindNames {
  readonly group: string;
  readonly kind: string;
  readonly scope: "Cluster" | "Namespaced";
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

export function definition({ group, kind, scope, ...more }: KindNames, versions: readonly KindVersion[]): CustomResourceDefinition {
  const singular = kind.toLowerCase();
  const plural = singular.endsWith("s") ? `${singular}es` : `${singular}s`;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { kind, listKind: `${kind}List`, plural, singular, ...more },
      versions: versions.map(({ name, schema, storage, subresources, columns = [] }) => ({
        name,
        served: true,
        storage,
        schema: { openAPIV3Schema: schema },
        subresources,
        ...(columns.length > 0
          ? { additionalPrinterColumns: columns.map(([column, type, jsonPath]) => ({ name: column, type, jsonPath })) }
          : {}),
      })),
    },
  };
}
