import type { Command } from "./command";
import { doctor, HELP as DOCTOR_HELP } from "./doctor/doctor";
import { HELP as MODELS_HELP, models } from "./models";
import { HELP as PIN_HELP, pin } from "./pin";
import { HELP as PRICES_HELP, prices } from "./prices/prices";
import { HELP as REPORT_HELP, report } from "./report/report";
import { HELP as SIZE_HELP, size } from "./size/size";

/** Every command, in the order in which people meet them. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  size: { summary: "the cheapest GPU size that safely holds a tuning run, and why", help: SIZE_HELP, run: size },
  models: { summary: "the base models of the catalogue, their size and their terms", help: MODELS_HELP, run: models },
  prices: { summary: "what the GPU sizes cost by region; asks Azure's price list anew", help: PRICES_HELP, run: (args) => prices(args) },
  report: { summary: "what a Pulumi preview means: losses, runs, cost and quota, as a comment for reviewers", help: REPORT_HELP, run: (args) => report(args) },
  doctor: { summary: "what is missing to deploy, with the command that mends it", help: DOCTOR_HELP, run: (args) => doctor(args) },
  pin: { summary: "write the digests of images that others publish into an environment", help: PIN_HELP, run: pin },
};
