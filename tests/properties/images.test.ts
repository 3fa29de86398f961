import { rmSync } from "node:fs";
import { itHolds } from "./expectations";
import { datasetImage, folder } from "./subjects/dataset-image";
import { trainerImage } from "./subjects/trainer-image";

const home = process.cwd();
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

itHolds("DatasetImage", datasetImage);
itHolds("TrainerImage", trainerImage);
