import * as fc from "fast-check";
import { parseImageReference, writeImageReference } from "../../components/plan/image-reference";

const DIGEST = `sha256:${"a".repeat(64)}`;

describe("parseImageReference", () => {
  it.each([
    ["docker.io/vllm/vllm-openai:v0.25.1", { registry: "docker.io", repository: "vllm/vllm-openai", tag: "v0.25.1" }],
    [`localhost:5000/a@${DIGEST}`, { registry: "localhost:5000", repository: "a", digest: DIGEST }],
    [`localhost/a:1@${DIGEST}`, { registry: "localhost", repository: "a", tag: "1", digest: DIGEST }],
    ["nvcr.io/nvidia/k8s/dcgm-exporter", { registry: "nvcr.io", repository: "nvidia/k8s/dcgm-exporter" }],
  ])("takes %s apart", (text, parts) => {
    expect(parseImageReference(text)).toEqual(parts);
  });

  it.each(["", "ubuntu", "ubuntu:24.04", "library/ubuntu:24.04", "docker.io/", "docker.io/A:1", `docker.io/a@sha256:${"a".repeat(63)}`, "docker.io/a:", "https://docker.io/a:1"])(
    "takes %j for none",
    (text) => {
      expect(parseImageReference(text)).toBeUndefined();
    },
  );

  it("gives back what it was written from", () => {
    const part = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,8}$/);
    const reference = fc.record(
      { registry: fc.constantFrom("docker.io", "localhost:5000"), repository: fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/")), tag: fc.stringMatching(/^\w[\w.-]{0,20}$/), digest: fc.constant(DIGEST) },
      { requiredKeys: ["registry", "repository"] },
    );
    fc.assert(fc.property(reference, (parts) => { expect(parseImageReference(writeImageReference(parts))).toEqual(parts); }));
  });
});
