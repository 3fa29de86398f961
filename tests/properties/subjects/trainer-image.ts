import * as path from "node:path";
import * as fc from "fast-check";
import { TrainerImage } from "../../../components";
import { images, logicalNames } from "../arbitraries/common";
import type { Subject } from "../subject";

/** A ready image, or none, which builds the package's own or that of a folder. */
interface Given {
  readonly image?: string;
  readonly context?: string;
  /** A registry beside an image. */
  readonly both?: boolean;
}

const FOLDER = path.resolve(__dirname, "../../../images/trainer");
const PINNED = `mlreg.azurecr.io/trainer@sha256:${"0".repeat(64)}`;
const ready = (image: string) => ({ args: { image, context: undefined } });

export const trainerImage: Subject<Given> = {
  given: fc.record({
    name: logicalNames,
    args: fc.oneof(fc.record<Given, never>({ image: images }, { requiredKeys: [] }), fc.record<Given>({ context: fc.constant(FOLDER) })),
  }),
  register: ({ name, args: { image, context, both = false } }, { registry }) =>
    new TrainerImage(name, image === undefined ? { registry, context } : { image, ...(both ? { registry } : {}), ...(context === undefined ? {} : { context }) }),
  mutations: [
    { fault: "a tag that moves", code: "AKSFT-TRAINER-01", argument: "image", ...ready("mlreg.azurecr.io/trainer:latest"), nearest: ready(PINNED) },
    { fault: "a digest that is cut short", code: "AKSFT-TRAINER-01", argument: "image", ...ready("mlreg.azurecr.io/trainer@sha256:0123"), nearest: ready(PINNED) },
    { fault: "nothing as an image", code: "AKSFT-TRAINER-01", argument: "image", ...ready(""), nearest: ready(PINNED) },
    { fault: "a folder that is not there", code: "AKSFT-TRAINER-02", argument: "context", args: { image: undefined, context: "/nowhere" }, nearest: { args: { image: undefined, context: FOLDER } }, alone: true },
    { fault: "an image and a registry", code: "AKSFT-TRAINER-03", argument: "registry", on: ready(PINNED), args: { both: true }, nearest: {} },
  ],
};
