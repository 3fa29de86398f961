import { Release, type ReleaseArgs } from "@pulumi/kubernetes/helm/v3/release";
import type * as pulumi from "@pulumi/pulumi";
import type { PublishedChart } from "../plan/catalogue/kaito-charts";

/** A chart as it is installed. */
export interface InstalledChart {
  readonly version: string;
  /** Repository or registry of a mirror. */
  readonly mirror: string | undefined;
  readonly values: pulumi.Inputs;
}

const PATIENCE_MINUTES = 20;

/**
 * All or nothing: an installation that does not become ready is taken back, as one that is half there admits Workspaces that nobody works on.
 * Removing it waits: the chart's custom resource definitions go with it.
 */
export function chartArguments({ chart, release, repository }: PublishedChart, { version, mirror, values }: InstalledChart): ReleaseArgs {
  return {
    // A registry's charts are named in full; a repository has an index of them.
    ...(mirror?.startsWith("oci://") ? { chart: `${mirror}/${chart}` } : { chart, repositoryOpts: { repo: mirror ?? repository } }),
    version,
    name: release,
    namespace: release,
    values,
    atomic: true,
    timeout: PATIENCE_MINUTES * 60,
    maxHistory: 5,
  };
}

export function installed(name: string, args: ReleaseArgs, opts: pulumi.CustomResourceOptions): Release {
  const patience = `${PATIENCE_MINUTES + 10}m`;
  return new Release(name, args, { ...opts, customTimeouts: { create: patience, update: patience, delete: patience } });
}
