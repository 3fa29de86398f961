import * as pulumi from "@pulumi/pulumi";
import { deploy } from "./deploy";
import { readSettings } from "./settings";

/** The only file with side effects: reads the stack's configuration and registers what it holds. */
export const {
  clusterName,
  gpuSize,
  gpuSizeReason,
  namespace,
  runName,
  datasetImage,
  runId,
  record,
  adapterImage,
  endpoint,
} = deploy(readSettings(new pulumi.Config()));
