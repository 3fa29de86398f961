import type { ListedCommand } from "./command";

/** Every command, in the order in which people meet them; each is loaded when it is run, so that one does not wait for the code of all. */
export const COMMANDS: Readonly<Record<string, ListedCommand>> = {
  size: {
    summary: "the cheapest GPU size that safely holds a tuning run, and why",
    load: async () => {
      const { HELP, size } = await import("./size/size.js");
      return { help: HELP, run: size };
    },
  },
  models: {
    summary: "the base models of the catalogue, their size and their terms",
    load: async () => {
      const { HELP, models } = await import("./models.js");
      return { help: HELP, run: models };
    },
  },
  prices: {
    summary: "what the GPU sizes cost by region; asks Azure's price list anew",
    load: async () => {
      const { HELP, prices } = await import("./prices/prices.js");
      return { help: HELP, run: (args) => prices(args) };
    },
  },
  report: {
    summary: "what a Pulumi preview means: losses, runs, cost and quota, as a comment for reviewers",
    load: async () => {
      const { HELP, report } = await import("./report/report.js");
      return { help: HELP, run: (args) => report(args) };
    },
  },
  doctor: {
    summary: "what is missing to deploy, with the command that mends it",
    load: async () => {
      const { HELP, doctor } = await import("./doctor/doctor.js");
      return { help: HELP, run: (args) => doctor(args) };
    },
  },
  pin: {
    summary: "write the digests of images that others publish into an environment",
    load: async () => {
      const { HELP, pin } = await import("./pin.js");
      return { help: HELP, run: pin };
    },
  },
};
