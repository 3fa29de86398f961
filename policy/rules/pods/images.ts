import type { Parameters } from "../../parameters";
import { containersOf } from "../../resources/pods";
import { at, list, textOf, type Value } from "../../resources/value";
import type { Rule } from "../../rule";
import { CHECKOV } from "../sources";
import { podRule } from "./pod-rule";

/** What pods run and mount. With a digest `IfNotPresent` is safe, and always pulling only feeds the registry's throttle, so no rule asks for it. */
export const IMAGE_RULES: readonly Rule[] = [
  podRule((pod) => references(pod).filter(({ image }) => !isPinned(image) && isMoving(image)).map(told("has a tag that moves")), {
    ...{ name: "image-no-moving-tag", severity: "high", ids: ["CKV_K8S_14"] },
    description: "No image is of the tag latest, nor of none, which is the same",
    remediation: "name a version, better a digest (npx aks-fine-tuning pin looks digests up)",
    url: CHECKOV,
  }),
  podRule((pod) => references(pod).filter(({ image }) => !isPinned(image)).map(told("has no digest")), {
    ...{ name: "image-by-digest", severity: "medium", production: true, ids: ["CKV_K8S_43"] },
    description: "Trainer, dataset, weights, adapters and servers in production are images by digest: a tag can come to mean another one between two evictions",
    remediation: "append @sha256:… to the reference (npx aks-fine-tuning pin looks digests up)",
    url: "https://kubernetes.io/docs/concepts/containers/images/#image-names",
  }),
  podRule((pod, { allowedRegistries }: Parameters) => references(pod).filter(({ image }) => !isFrom(image, allowedRegistries)).map(told("is of another registry")), {
    ...{ name: "image-allowed-registry", severity: "high", ids: ["Azure.AKS.AllowedRegistries"] },
    description: "Images come from registries of the parameter allowedRegistries; an empty list allows any",
    remediation: "mirror the image into an allowed registry, or have the list extended",
    url: "https://learn.microsoft.com/azure/aks/policy-reference",
  }),
];

interface ImageReference {
  readonly where: string;
  readonly image: string;
}

/** Images of containers, and those that are mounted as volumes. */
function references(pod: Value): readonly ImageReference[] {
  const run = containersOf(pod).map(({ where, container }) => ({ where: `${where}.image`, image: textOf(at(container, "image")) }));
  const mounted = list(at(pod, "volumes")).map((volume, index) => ({ where: `volumes[${index}].image`, image: textOf(at(volume, "image.reference")) }));
  return [...run, ...mounted].flatMap(({ where, image }) => (image === undefined || image === "" ? [] : [{ where, image }]));
}

function told(what: string): (reference: ImageReference) => string {
  return ({ where, image }) => `${where} "${image}" ${what}`;
}

function isPinned(image: string): boolean {
  return /@sha256:[0-9a-f]{64}$/.test(image);
}

function isMoving(image: string): boolean {
  const [, tag = "latest"] = /:([\w][\w.-]*)$/.exec(image) ?? [];
  return tag === "latest";
}

function isFrom(image: string, allowed: readonly string[]): boolean {
  const [host = ""] = image.split("/");
  // Without a host it is Docker Hub's: https://github.com/distribution/reference
  const full = image.includes("/") && /[.:]|^localhost$/.test(host) ? image : `docker.io/${image.includes("/") ? image : `library/${image}`}`;
  return allowed.length === 0 || allowed.some((each) => full.startsWith(`${each.replace(/\/$/, "")}/`));
}
