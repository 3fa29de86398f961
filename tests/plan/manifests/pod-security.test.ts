import { restrictedLabels } from "../../../components/plan/manifests/pod-security";

describe("restrictedLabels", () => {
  it("enforce, audit and warn by the restricted standard of one version", () => {
    expect(restrictedLabels("1.36")).toEqual({
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/enforce-version": "v1.36",
      "pod-security.kubernetes.io/audit": "restricted",
      "pod-security.kubernetes.io/audit-version": "v1.36",
      "pod-security.kubernetes.io/warn": "restricted",
      "pod-security.kubernetes.io/warn-version": "v1.36",
    });
  });
});
