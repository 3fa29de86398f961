import type { BaseModelName, ModelDimensions } from "../catalogue/base-models";
import { GPU_SIZES, type GpuSize, type GpuSizeFacts } from "../catalogue/gpu-sizes";
import { type Problem, refuse, refusal } from "../refuse";
import { wholeNumber } from "../recipe";
import { KAITO_CONTEXT, KAITO_FIGURES, KAITO_FIGURES_SOURCE, KAITO_FORMULAS, type KaitoFormula, presetName } from "./kaito/formulas";
import { parameterCount } from "./parameters";
import { tokenBytes } from "./serving/kv-cache";
import { resolveServingSetup, servedModel } from "./serving/setup";

const GIB = 2 ** 30;
const SUBJECT = "KAITO's node count";

/** Versions of KAITO whose node count is known: 0.6 is the AKS add-on's, main what follows 0.12. */
export const KAITO_VERSIONS = ["0.6", "0.10", "0.12", "main"] as const;
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

/** What 0.6 goes by, in GiB. */
export interface KaitoFigureTerms {
  /** GPU memory that the preset asks for in all. */
  readonly presetGiB: number;
  /** GPU memory of a node by the cards' labels. */
  readonly nodeGiB: number;
}

/** What later versions go by, in GiB but for the utilisation. */
export interface KaitoFormulaTerms {
  /** Weights once loaded. */
  readonly weightsGiB: number;
  /** Recurrent state of the sequences that are counted. */
  readonly stateGiB: number;
  /** Memory of a GPU by its label. */
  readonly labelGiB: number;
  /** Part of it that vLLM is launched with. */
  readonly utilization: number;
  /** That part. */
  readonly usableGiB: number;
  /** What each GPU keeps back for activations, graphs and CUDA. */
  readonly baseGiB: number;
  /** Cache of one sequence, a GPU's share. */
  readonly cacheGiB: number;
  /** What is left of a GPU for weights. */
  readonly roomGiB: number;
}

/** KAITO's node count and the terms behind it. */
export interface KaitoNodes {
  /** Version that counts so. */
  readonly version: KaitoVersion;
  /** Nodes. */
  readonly nodes: number;
  /** GPUs that the model needs; undefined in 0.6, which counts memory of whole nodes. */
  readonly minGpus: number | undefined;
  /** GPUs of a node. */
  readonly gpusPerNode: number;
  /** The numbers behind it. */
  readonly terms: KaitoFigureTerms | KaitoFormulaTerms;
  /** The reckoning on one line, with its numbers. */
  readonly reckoning: string;
  /** Where the formula stands in kaito-project/kaito. */
  readonly source: string;
}

/**
 * How many nodes KAITO takes for a model on a VM size, by the formula of its version. It reads the GB on a card's label as GiB.
 *
 * @throws RunError for an unknown version, with the known ones named, and for a size or a model that KAITO refuses.
 */
export function kaitoNodeCount(setup: KaitoSetup, version: string): KaitoNodes {
  const known = knownVersion(version);
  if (known === undefined) throw refusal(SUBJECT, [unknownVersion(version)]);
  refuse(SUBJECT, setupProblems(setup, known));
  return known === "0.6" ? countByFigure(setup) : countByFormula(setup, known);
}

/** A version with its patch, as a chart has it, is that of its minor. */
function knownVersion(version: string): KaitoVersion | undefined {
  const minor = /^v?(\d+\.\d+)(?:\.\d+)?$/.exec(version)?.[1] ?? version;
  return KAITO_VERSIONS.find((each) => each === minor);
}

/** A version between two known ones may count like neither, so none is proposed. */
function unknownVersion(version: string): Problem {
  const rule = `is no version of KAITO whose node count is known: ${KAITO_VERSIONS.join(", ")}`;
  return { code: "AKSFT-KAITO-01", path: "version", got: version, rule, fix: "use the one of these that the cluster runs" };
}

function countByFigure(setup: KaitoSetup): KaitoNodes {
  const { gpus, nominalGB }: GpuSizeFacts = GPU_SIZES[setup.size];
  const presetGiB = setup.presetGiB ?? KAITO_FIGURES[presetName(setup.model)] ?? 0;
  const nodeGiB = gpus * nominalGB;
  const needed = Math.max(1, Math.ceil(presetGiB / nodeGiB));
  const reckoning = `ceil(${presetGiB} GiB for the preset ÷ ${nodeGiB} GiB a node) = ${needed}`;
  if (setup.count !== undefined && setup.count < needed) {
    const rule = `is refused by KAITO 0.6: ${reckoning}`;
    throw refusal(SUBJECT, [{ code: "AKSFT-KAITO-04", path: "count", got: setup.count, rule, fix: `use ${needed}` }]);
  }
  return { version: "0.6", nodes: needed, minGpus: undefined, gpusPerNode: gpus, terms: { presetGiB, nodeGiB }, reckoning, source: KAITO_FIGURES_SOURCE };
}

function countByFormula(setup: KaitoSetup, version: Exclude<KaitoVersion, "0.6">): KaitoNodes {
  const { family, gpus, nominalGB }: GpuSizeFacts = GPU_SIZES[setup.size];
  const formula: KaitoFormula = KAITO_FORMULAS[version];
  const { utilization, baseGiB } = family === "A10" ? formula.a10 : formula;
  const weightsGiB = formula.weightExpansion * (setup.weightFilesGiB ?? kaitoWeightFilesGiB(setup.model));
  const stateGiB = (formula.stateSequences * (setup.stateBytesPerSequence ?? 0)) / GIB;
  const usableGiB = utilization * nominalGB;
  const cacheGiB = kaitoCacheGiB(setup.model, setup.maxModelLength) / gpus;
  const roomGiB = (usableGiB - baseGiB - cacheGiB) / (1 + formula.weightOverhead);
  if (roomGiB <= 0) throw refusal(SUBJECT, [noRoom(setup, baseGiB + cacheGiB, usableGiB)]);
  const minGpus = Math.floor((weightsGiB + stateGiB) / roomGiB) + 1;
  const nodes = Math.ceil(minGpus / gpus);
  const [weights, room] = [(weightsGiB + stateGiB).toFixed(2), roomGiB.toFixed(2)];
  const divisor = formula.weightOverhead === 0 ? "" : ` ÷ ${1 + formula.weightOverhead}`;
  return {
    version,
    nodes,
    minGpus,
    gpusPerNode: gpus,
    terms: { weightsGiB, stateGiB, labelGiB: nominalGB, utilization, usableGiB, baseGiB, cacheGiB, roomGiB },
    reckoning:
      `floor(${weights} GiB of weights ÷ ${room} GiB a GPU) + 1 = ${minGpus} ${minGpus === 1 ? "GPU" : "GPUs"}, ${gpus} a node; ` +
      `a GPU has (${utilization} × ${nominalGB} − ${baseGiB} − ${cacheGiB.toFixed(2)})${divisor}`,
    source: formula.source,
  };
}

/** Weights as the catalogue's model has them in 16 bits, in GiB, which is what its files have to the printed digit. */
export function kaitoWeightFilesGiB(model: KaitoSetup["model"]): number {
  return (2 * parameterCount(servedModel(model))) / GIB;
}

/** The cache that KAITO counts over all GPUs of a node, in GiB: one sequence in 16 bits, a window or a latent's copies left aside. */
export function kaitoCacheGiB(model: KaitoSetup["model"], maxModelLength = KAITO_CONTEXT): number {
  return (tokenBytes(resolveServingSetup({ model, contextLength: maxModelLength })) * maxModelLength) / GIB;
}

function noRoom({ size }: KaitoSetup, reservedGiB: number, usableGiB: number): Problem {
  const rule = `KAITO refuses it: a GPU keeps back ${reservedGiB.toFixed(1)} GiB of the ${usableGiB.toFixed(1)} GiB it may use`;
  return { code: "AKSFT-KAITO-04", path: "size", got: size, rule, fix: "use a size with larger GPUs, or a smaller maxModelLength" };
}

function setupProblems(setup: KaitoSetup, version: KaitoVersion): Problem[] {
  const { kaito, family, share, gpuModel }: GpuSizeFacts = GPU_SIZES[setup.size];
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
  // T4s left KAITO's table in July 2026 (kaito-project/kaito#2185).
  const listed = kaito || (family === "T4" && share === undefined && version !== "0.12" && version !== "main");
  if (!listed) {
    const rule = `is not in the table of KAITO ${version}, which takes whole GPUs of compute capability 8.0 or newer (${gpuModel})`;
    problems.push({ code: "AKSFT-KAITO-02", path: "size", got: setup.size, rule, fix: 'use for example "Standard_NC24ads_A100_v4"' });
  }
  if (version === "0.6" && setup.presetGiB === undefined && KAITO_FIGURES[presetName(setup.model)] === undefined) {
    const rule = `is no preset of KAITO 0.6 whose figure is known: ${Object.keys(KAITO_FIGURES).join(", ")}`;
    problems.push({ code: "AKSFT-KAITO-02", path: "model", got: presetName(setup.model), rule, fix: "give presetGiB" });
  }
  return problems;
}
