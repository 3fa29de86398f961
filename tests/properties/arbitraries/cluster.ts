import * as fc from "fast-check";
import type { ClusterArgs } from "../../../components";
import { kubernetesVersions, optional, rangesIn } from "./common";

export type ClusterGiven = Omit<ClusterArgs, "resourceGroupName" | "network" | "override">;

const names = fc.stringMatching(/^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,40}[a-zA-Z0-9])?$/);

/** Ranges and single addresses that somebody on the Internet may come from. */
const callers = fc.constantFrom(20, 51, 104, 203).chain((first) => fc.oneof(rangesIn(first, 8, 32), rangesIn(first, 32, 32).map((range) => range.replace("/32", ""))));

export const clusterGiven = fc.record({
  name: names,
  args: fc.record<ClusterGiven, never>(
    {
      location: fc.constantFrom("eastus", "westeurope"),
      kubernetesVersion: kubernetesVersions,
      systemPool: optional(
        fc.record(
          { vmSize: fc.constantFrom("Standard_D4s_v5", "Standard_D8ds_v5", "Standard_E4ds_v5"), nodes: fc.integer({ min: 1, max: 1000 }) },
          { requiredKeys: [] },
        ),
      ),
      tier: fc.constantFrom("Free", "Standard"),
      authorizedIpRanges: fc.array(callers, { maxLength: 5 }),
      deployerType: fc.constantFrom("User", "ServicePrincipal"),
      login: fc.constantFrom("azurecli", "workloadidentity"),
    },
    { requiredKeys: [] },
  ),
});
