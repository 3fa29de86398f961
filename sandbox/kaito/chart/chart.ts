import type { Properties } from "../../providers/values";

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
