import type { BaseModelName, ModelDimensions } from "../../catalogue/base-models";
import { GPU_SIZES, type GpuSize } from "../../catalogue/gpu-sizes";
import { KAITO_MISSPELT_SIZES, KAITO_SIZES_WITH_T4 } from "../../catalogue/kaito-sizes";
import { type DrivenKaitoVersion, KAITO_VERSION_FACTS, KAITO_VERSION_FIX, kaitoMinor } from "../../catalogue/kaito-versions";
import { wholeNumber } from "../../recipe";
import type { Problem } from "../../refuse";
import { KAITO_FIGURES, presetName } from "./formulas";

/** Versions of KAITO whose node count is known: those that are driven, 0.6 the AKS add-on's and main what follows 0.12, and 0.10, of which nothing else is. */
export const KAITO_VERSIONS = ["0.6", "0.10", "0.12", "main"] as const satisfies readonly (DrivenKaitoVersion | "0.10")[];
/**
 * Version of KAITO whose node count is known.
 * @useDeclaredType
 */
export type KaitoVersion = (typeof KAITO_VERSIONS)[number];

/** What KAITO knows of a model that it is to serve. */
export interface KaitoSetup {
  /** Base model: a name of the catalogue, or the dimensions of an unlisted one. */
  readonly model: BaseModelName | ModelDimensions;
  /** VM size of the Workspace, its `instanceType`. */
  readonly size: GpuSize;
  /** Size of the model's weight files, in GiB. @default - 16 bits a parameter */
  readonly weightFilesGiB?: number;
  /** `max-model-len` of the Workspace's configuration, in tokens. @default 2048 */
  readonly maxModelLength?: number;
  /** Nodes that the Workspace asks for, its `resource.count`, which 0.6 alone goes by. @default - as many as 0.6 needs */
  readonly count?: number;
  /** GPU memory that the preset asks for in all, in GiB, which 0.6 alone goes by. @default - that of the preset of the model's name */
  readonly presetGiB?: number;
  /** Recurrent state of one sequence, in bytes, of a model with Mamba layers. @default 0 */
  readonly stateBytesPerSequence?: number;
}

export function knownVersion(version: string): KaitoVersion | undefined {
  const minor = kaitoMinor(version);
  return KAITO_VERSIONS.find((each) => each === minor);
}

/** A version between two known ones may count like neither, so none is proposed. */
export function unknownVersion(version: string): Problem {
  const rule = `is no version of KAITO whose node count is known: ${KAITO_VERSIONS.join(", ")}`;
  return { code: "AKSFT-KAITO-01", path: "version", got: version, rule, fix: KAITO_VERSION_FIX };
}

/** Everything that is wrong with a setup, as a version sees it. */
export function kaitoSetupProblems(setup: KaitoSetup, version: KaitoVersion): Problem[] {
  const whole = (path: string, value: number | undefined, least: number, most: number): Problem[] =>
    value === undefined ? [] : wholeNumber("AKSFT-KAITO-03", path, value, least, most);
  const problems: Problem[] = [
    ...whole("maxModelLength", setup.maxModelLength, 1, 16_777_216),
    ...whole("count", setup.count, 1, 1000),
    ...whole("stateBytesPerSequence", setup.stateBytesPerSequence, 0, 2 ** 40),
  ];
  for (const path of ["weightFilesGiB", "presetGiB"] as const) {
    const value = setup[path];
    if (value !== undefined && !(value > 0 && Number.isFinite(value))) {
      problems.push({ code: "AKSFT-KAITO-03", path, got: value, rule: "must be above 0", fix: "leave it out" });
    }
  }
  // 0.10 is of before July 2026.
  const sizes: readonly GpuSize[] = version === "0.10" ? KAITO_SIZES_WITH_T4 : KAITO_VERSION_FACTS[version].sizes;
  if (!sizes.includes(setup.size)) {
    const misspelt = KAITO_MISSPELT_SIZES[setup.size];
    const why = misspelt === undefined ? `takes whole GPUs of compute capability 8.0 or newer (${GPU_SIZES[setup.size].gpuModel})` : `spells it ${misspelt}`;
    const rule = `is not in the table of KAITO ${version}, which ${why}`;
    problems.push({ code: "AKSFT-KAITO-02", path: "size", got: setup.size, rule, fix: 'use for example "Standard_NC24ads_A100_v4"' });
  }
  if (version === "0.6" && setup.presetGiB === undefined && KAITO_FIGURES[presetName(setup.model)] === undefined) {
    const rule = `is no preset of KAITO 0.6 whose figure is known: ${Object.keys(KAITO_FIGURES).join(", ")}`;
    problems.push({ code: "AKSFT-KAITO-02", path: "model", got: presetName(setup.model), rule, fix: "give presetGiB" });
  }
  return problems;
}
