import { kubernetesObjects, type KubernetesObject } from "../support/kubernetes-objects";
import { PROGRAMS } from "../support/programs";
import { type Checkov, checkov } from "./checkov";
import { waivers } from "./waivers";

// A scan takes seconds, and on a busy machine more; so does the whole program that it scans.
jest.setTimeout(600_000);

let scanner: Checkov;
beforeAll(async () => {
  scanner = await checkov();
}, 900_000);

/** What misses which check: "CKV_K8S_11 Job.support.tickets-RUN". */
function findings(objects: readonly KubernetesObject[]): readonly string[] {
  // A program without a cluster has nothing to scan, of which Checkov makes no report.
  if (objects.length === 0) return [];
  // JSON is YAML, and each object a document of its own.
  const verdicts = scanner.scan("kubernetes", objects.map((object) => JSON.stringify(object)).join("\n---\n"));
  const failed = [...verdicts].flatMap(([check, found]) => found.filter(({ passed }) => !passed).map(({ resource }) => `${check} ${resource}`));
  return [...new Set(failed.map((finding) => finding.replace(/-[0-9a-f]{10}(?=-|$)/, "-RUN")))];
}

describe("Checkov's checks of Kubernetes objects", () => {
  it("pass on every stack's and example's objects but for those that are waived, and no waiver is idle", async () => {
    const found = new Set<string>();
    for (const { program } of PROGRAMS) for (const finding of findings(kubernetesObjects(await program()))) found.add(finding);
    const waived = waivers().kubernetes.flatMap(({ check, of }) => of.map((object) => `${check} ${object}`));
    expect([...found].sort()).toEqual(waived.sort());
  });

  it("fail on a sloppy pod, so that a pass means something", () => {
    const containers = [{ name: "bad", image: "nginx:latest", securityContext: { privileged: true } }];
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "bad", namespace: "support" }, spec: { hostNetwork: true, containers } };
    const privileged = ["CKV_K8S_16", "CKV_K8S_19", "CKV_K8S_14", "CKV_K8S_22", "CKV_K8S_23", "CKV_K8S_37", "CKV_K8S_38", "CKV_K8S_43"];
    expect(findings([pod])).toEqual(expect.arrayContaining(privileged.map((check) => `${check} Pod.support.bad`)));
  });
});
