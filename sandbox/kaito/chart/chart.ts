import { field, text } from "../../providers/kubernetes/objects";
import { isProperties, type Properties } from "../../providers/values";
import { ON_SIMULATED_NODES, PLAYS } from "../marks";

/** A release, as far as a chart renders from it. */
export interface ReleaseFacts {
  readonly name: string;
  readonly namespace: string;
  /** Version of the chart. */
  readonly version: string;
  readonly values: Properties;
}

export interface Rendered {
  /** Of the chart's folder `crds`: made where they are missing, left when the release goes. */
  readonly crds: readonly Properties[];
  /** Owned by the release. */
  readonly templates: readonly Properties[];
}

/** A chart that the sandbox knows by heart: it never fetches one. */
export interface TaughtChart {
  readonly name: string;
  /** Beginnings of addresses that it is had from. */
  readonly repositories: readonly string[];
  /** Versions of the chart, each with the version of what it installs; the last one is the latest. */
  readonly versions: Readonly<Record<string, string>>;
  render(release: ReleaseFacts): Rendered;
}

/** How `helm create` names what a chart makes: the release's name alone where it has the chart's in it. */
export function fullName(chart: string, release: string): string {
  return release.includes(chart) ? release : `${release}-${chart}`;
}

/** A map among the values, laid over the chart's own, as Helm does: https://helm.sh/docs/chart_template_guide/values_files/ */
export function mapOver(defaults: Properties, values: Properties, ...path: readonly string[]): Properties {
  const given = field(values, ...path);
  return { ...defaults, ...(isProperties(given) ? given : {}) };
}

/** A controller, as far as two charts differ in theirs. */
export interface Controller {
  /** The chart's name, and what the agent plays where it finds the Deployment. */
  readonly chart: string;
  readonly plays: string;
  readonly image: string;
  readonly replicas: number;
  readonly podSecurityContext: Properties;
  readonly container: Properties;
  readonly podLabels?: Properties;
  readonly serviceAccountName?: string;
}

/** Its pod seems to run on a simulated node: the agent does what it would do. */
export function controllerDeployment(release: ReleaseFacts, controller: Controller): Properties {
  const labels = { "app.kubernetes.io/name": controller.chart, "app.kubernetes.io/instance": release.name };
  const { serviceAccountName } = controller;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: fullName(controller.chart, release.name),
      namespace: release.namespace,
      labels: { ...labels, "app.kubernetes.io/version": release.version, [PLAYS]: controller.plays },
      annotations: { "sandbox.aks-fine-tuning.dev/note": "a stand-in: the sandbox's agent does what this controller would do" },
    },
    spec: {
      replicas: controller.replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels: { ...labels, ...controller.podLabels } },
        spec: {
          ...(serviceAccountName === undefined ? {} : { serviceAccountName }),
          securityContext: controller.podSecurityContext,
          containers: [{ image: controller.image, ...controller.container }],
          nodeSelector: { ...mapOver({ "kubernetes.io/os": "linux" }, release.values, "nodeSelector"), ...ON_SIMULATED_NODES.nodeSelector },
          tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }, ON_SIMULATED_NODES.toleration],
          priorityClassName: "system-cluster-critical",
        },
      },
    },
  };
}

/** `repository:tag`, and the digest behind it where there is one. */
export function imageOf(image: Properties): string {
  const digest = text(image, "digest") ?? "";
  return `${text(image, "repository") ?? ""}:${text(image, "tag") ?? ""}${digest === "" ? "" : `@${digest}`}`;
}
