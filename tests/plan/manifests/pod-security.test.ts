import { podSecurityLabels } from "../../../components/plan/manifests/pod-security";

describe("podSecurityLabels", () => {
  it("enforce, audit and warn by the restricted standard of one version", () => {
    expect(podSecurityLabels("restricted", "1.36")).toEqual({
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/enforce-version": "v1.36",
      "pod-security.kubernetes.io/audit": "restricted",
      "pod-security.kubernetes.io/audit-version": "v1.36",
      "pod-security.kubernetes.io/warn": "restricted",
      "pod-security.kubernetes.io/warn-version": "v1.36",
    });
  });

  it.each(["baseline", "privileged"] as const)("let %s pods in and keep a record of what is not restricted", (level) => {
    expect(podSecurityLabels(level, "1.36")).toEqual({
      "pod-security.kubernetes.io/enforce": level,
      "pod-security.kubernetes.io/enforce-version": "v1.36",
      "pod-security.kubernetes.io/audit": "restricted",
      "pod-security.kubernetes.io/audit-version": "v1.36",
      "pod-security.kubernetes.io/warn": level,
      "pod-security.kubernetes.io/warn-version": "v1.36",
    });
  });
});
