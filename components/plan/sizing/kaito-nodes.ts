import { GIB } from "./gib";
import { GPU_SIZES, type GpuSizeFacts } from "../catalogue/gpu-sizes";
import { type Problem, refuse, refusal } from "../refuse";
import { KAITO_CONTEXT, KAITO_FIGURES, KAITO_FIGURES_SOURCE, KAITO_FORMULAS, type KaitoFormula, presetName } from "./kaito/formulas";
import { type KaitoSetup, type KaitoVersion, kaitoSetupProblems, knownVersion, unknownVersion } from "./kaito/setup";
import { parameterCount } from "./parameters";
import { tokenBytes } from "./serving/kv-cache";
import { resolveServingSetup, servedModel } from "./serving/setup";

const SUBJECT = "KAITO's node count";

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
  refuse(SUBJECT, kaitoSetupProblems(setup, known));
  return known === "0.6" ? countByFigure(setup) : countByFormula(setup, known);
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
