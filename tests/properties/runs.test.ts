import { itHolds } from "./expectations";
import { inferenceService } from "./subjects/inference-service";
import { tuningJob } from "./subjects/tuning-job";

itHolds("TuningJob", tuningJob);
itHolds("InferenceService", inferenceService);
