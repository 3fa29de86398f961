import * as crypto from "node:crypto";
import type { ReleaseFacts, Rendered, TaughtChart } from "../../../kaito/chart/chart";
import { TAUGHT_CHARTS } from "../../../kaito/chart";
import { ProviderError } from "../../provider-errors";
import type { CheckRequest } from "../../stand-in";
import { isProperties, type Properties, type Value } from "../../values";
import { apiVersionOf, field, idOf, kindOf, text, withoutField } from "../objects";

export const RELEASE = "kubernetes:helm.sh/v3:Release";

/** pulumi-kubernetes, provider/pkg/provider/helm_release.go, defaultTimeoutSeconds. */
const TIMEOUT_SECONDS = 300;

/** A release that is to be, and the chart that it is of. */
export interface PlannedRelease extends ReleaseFacts, Rendered {
  readonly chart: string;
  readonly appVersion: string;
  readonly createNamespace: boolean;
  readonly skipCrds: boolean;
  readonly skipAwait: boolean;
  readonly atomic: boolean;
  readonly timeoutSeconds: number;
}

/** Name, namespace and time limit, as Check fills them in (helm_release.go, assignNameIfAutonameable and setDefaults). */
export function withDefaults(news: Properties, olds: Properties, request: CheckRequest, defaultNamespace: string): Properties {
  const given = withoutField(news, ["compat"]);
  const name = known(given["name"]) ?? known(olds["name"]) ?? `${request.name}-${suffix(request)}`;
  const namespace = known(given["namespace"]) ?? defaultNamespace;
  const timed = given["skipAwait"] === true || given["timeout"] !== undefined ? {} : { timeout: TIMEOUT_SECONDS };
  return { ...given, name, namespace, ...timed };
}

function known(value: Value | undefined): Value | undefined {
  return value === "" || value === null ? undefined : value;
}

function suffix({ randomSeed, name }: CheckRequest): string {
  const seed = randomSeed.length > 0 ? randomSeed : crypto.randomBytes(32);
  return crypto.createHash("sha256").update(seed).update(name).digest("hex").slice(0, 8);
}

/** What the chart renders for these inputs; a chart that nobody taught is refused with those that are known. */
export function plannedRelease(inputs: Properties): PlannedRelease {
  const { chart, version } = taughtChart(inputs);
  const values = field(inputs, "values");
  const release: ReleaseFacts = {
    name: text(inputs, "name") ?? "",
    namespace: text(inputs, "namespace") ?? "default",
    version,
    values: isProperties(values) ? values : {},
  };
  const { crds, templates } = rendered(chart, release);
  return {
    ...release,
    crds,
    templates: templates.map((object) => owned(object, release)),
    chart: chart.name,
    appVersion: chart.versions[version] ?? version,
    createNamespace: inputs["createNamespace"] === true,
    skipCrds: inputs["skipCrds"] === true,
    skipAwait: inputs["skipAwait"] === true,
    atomic: inputs["atomic"] === true,
    timeoutSeconds: Number(field(inputs, "timeout") ?? TIMEOUT_SECONDS) || TIMEOUT_SECONDS,
  };
}

function rendered(chart: TaughtChart, release: ReleaseFacts): Rendered {
  try {
    return chart.render(release);
  } catch (error) {
    throw new ProviderError(`rendering chart ${chart.name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

interface ChartVersion {
  readonly chart: TaughtChart;
  readonly version: string;
}

/** A chart's name with its repository, or the address of its archive `NAME-VERSION.tgz`. */
function taughtChart(inputs: Properties): ChartVersion {
  const named = text(inputs, "chart") ?? "";
  const archive = /^(https:\/\/.*)\/([a-z-]+)-(\d[^/]*)\.tgz$/.exec(named);
  const name = archive?.[2] ?? named.slice(named.lastIndexOf("/") + 1);
  const repository = archive?.[1] ?? text(inputs, "repositoryOpts", "repo") ?? "";
  const chart = TAUGHT_CHARTS.find((each) => each.name === name && each.repositories.some((address) => repository.startsWith(address)));
  const version = archive?.[3] ?? text(inputs, "version") ?? Object.keys(chart?.versions ?? {}).at(-1) ?? "";
  if (chart && version in chart.versions) return { chart, version };
  const taught = TAUGHT_CHARTS.map((each) => `${each.name} ${Object.keys(each.versions).join(", ")} of ${each.repositories[0] ?? ""}`);
  throw new ProviderError(
    `the sandbox's stand-in for Helm fetches no charts and knows no "${named}" ${version || "of any version"} of "${repository}"; it knows ${taught.join(" and ")}`,
  );
}

/** https://helm.sh/docs/chart_best_practices/labels/: what tells Helm that an object is its own. */
function owned(object: Properties, release: ReleaseFacts): Properties {
  const metadata = field(object, "metadata");
  const labels = field(metadata, "labels");
  const annotations = field(metadata, "annotations");
  return {
    ...object,
    metadata: {
      ...(isProperties(metadata) ? metadata : {}),
      labels: { ...(isProperties(labels) ? labels : {}), "app.kubernetes.io/managed-by": "Helm" },
      annotations: {
        ...(isProperties(annotations) ? annotations : {}),
        "meta.helm.sh/release-name": release.name,
        "meta.helm.sh/release-namespace": release.namespace,
      },
    },
  };
}

/** Objects by kind, as the output `resourceNames` has them: `Deployment/apps/v1` → `namespace/name`. */
export function resourceNames(objects: readonly Properties[]): Properties {
  const names: Record<string, string[]> = {};
  for (const object of objects) {
    const kind = kindOf(object);
    if (kind) (names[`${kind.kind}/${apiVersionOf(kind)}`] ??= []).push(idOf(object));
  }
  return names;
}

export function checksum(objects: readonly Properties[]): string {
  return crypto.createHash("sha256").update(JSON.stringify(objects)).digest("hex");
}

