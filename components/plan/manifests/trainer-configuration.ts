import type { Input } from "@pulumi/pulumi";
import { GPU_SIZES, type GpuSizeFacts, hourlyUsd } from "../catalogue/gpu-sizes";
import type { TuningRunPlan } from "../tuning-run";
import { CHECKPOINTS_PATH, DATASET_PATH, WEIGHTS_PATH } from "./tuning-pod";

/** What is passed on: known only when the registry and the images exist. */
export interface TrainerLineage {
  readonly registry: Input<string>;
  readonly trainerImage: Input<string>;
  readonly datasetImage: Input<string>;
}

/** The trainer's whole configuration; its reader is `images/trainer/trainer/configuration.py`. */
export function trainerConfiguration(plan: TuningRunPlan, lineage: TrainerLineage): Record<string, unknown> {
  const { recipe, shape } = plan;
  const facts: GpuSizeFacts = GPU_SIZES[shape.size];
  return {
    schema: 1,
    runId: plan.runId,
    record: { namespace: plan.namespace, name: plan.name },
    tuningJob: plan.tuningJobName,
    model: { name: recipe.model.name, revision: recipe.revision, path: `${WEIGHTS_PATH}/data` },
    dataset: { path: `${DATASET_PATH}/data/train.jsonl`, contentKey: plan.datasetKey, rows: plan.rows },
    method: recipe.method,
    lora: recipe.lora,
    sequenceLength: recipe.sequenceLength,
    globalBatch: recipe.globalBatch,
    microBatch: shape.microBatch,
    epochs: recipe.epochs,
    learningRate: recipe.learningRate,
    seed: recipe.seed,
    loss: recipe.loss,
    packing: recipe.packing,
    precision: facts.bf16 ? "bf16" : "fp16",
    checkpointing: shape.checkpointing,
    optimizer: shape.optimizer,
    checkpoints: { path: `${CHECKPOINTS_PATH}/${plan.runId}`, everySteps: plan.checkpointEverySteps },
    maximumPaidHours: plan.maximumPaidHours,
    usdPerHour: hourlyUsd(shape.size, plan.priority) ?? null,
    output: { registry: lineage.registry, repository: plan.adapterRepository, tag: plan.runId },
    lineage: { trainerImage: lineage.trainerImage, datasetImage: lineage.datasetImage, size: shape.size },
  };
}
