import * as fc from "fast-check";

/** Every property draws the same values in every run, so that one that fails fails again. `FC_SEED=N` draws others; a failure names the seed that drew it. */
fc.configureGlobal({ seed: Number(process.env["FC_SEED"] ?? 20_261_126) });
