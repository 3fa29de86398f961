import type { Configuration } from "./measured-file";
import { notCovered, type Prediction } from "./prediction";
export function predictServing(_row: Configuration): Prediction { return notCovered("pending"); }
