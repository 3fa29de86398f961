import { drivenKaitoVersion } from "../../catalogue/kaito-versions";
import { BY_DIGEST } from "../../digest";
import type { Environment } from "../../environment";
import { parseImageReference } from "../../image-reference";
import type { Problem } from "../../refuse";

/** A tag can move under a controller that reads every secret of the cluster (CKV_K8S_43). Values that are not known yet are checked when they are. */
export function controllerImageProblems(path: string, image: unknown, environment: Environment): Problem[] {
  if (typeof image !== "string") return [];
  if (!parseImageReference(image)) {
    const rule = "is no image reference with its registry in front";
    return [{ code: "AKSFT-KAITO-69", path, got: image, rule, fix: 'use for example "mcr.microsoft.com/aks/kaito/workspace:0.12.0@sha256:…"' }];
  }
  if (environment !== "production" || BY_DIGEST.test(image)) return [];
  const fix = `give ${path} by tag and digest, as "…@sha256:…", which crane digest prints, or use environment "development"`;
  return [{ code: "AKSFT-KAITO-69", path, got: image, rule: "a tag can move, and production takes images by digest alone", fix }];
}

/** Chart and controller of two versions disagree on flags and permissions. Tags that are no version of KAITO's say nothing. */
export function imageVersionProblems(image: unknown, version: string): Problem[] {
  const tag = typeof image === "string" ? parseImageReference(image)?.tag : undefined;
  if (tag === undefined || !/^v?\d+\.\d+\.\d+$/.test(tag) || drivenKaitoVersion(tag) === drivenKaitoVersion(version)) return [];
  const rule = `is of version ${tag}, and version is ${version}`;
  return [{ code: "AKSFT-KAITO-69", path: "image", got: image, rule, fix: "use the image of that version" }];
}

const REGISTRY_PATH = /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/;
const REPOSITORY = /^(https|oci):\/\/[a-z0-9.-]+(:\d+)?(\/[\w.-]+)*$/i;

export function mirrorProblems(presetRegistry: string | undefined, chartRepository: string | undefined): Problem[] {
  const problems: Problem[] = [];
  if (presetRegistry !== undefined && !REGISTRY_PATH.test(presetRegistry)) {
    const rule = "is no registry and path, without a scheme and without a slash at the end";
    problems.push({ code: "AKSFT-KAITO-76", path: "presetRegistry", got: presetRegistry, rule, fix: 'use for example "mlreg.azurecr.io/aks/kaito"' });
  }
  if (chartRepository !== undefined && !REPOSITORY.test(chartRepository)) {
    const rule = "is neither a Helm repository, https://…, nor a registry, oci://…, without a slash at the end";
    problems.push({ code: "AKSFT-KAITO-76", path: "chartRepository", got: chartRepository, rule, fix: 'use for example "oci://mlreg.azurecr.io/helm"' });
  }
  return problems;
}
