import * as pulumi from "@pulumi/pulumi";
import { licenceNotice } from "./plan/licence";

/** Notices given already: a program has many runs of one model, and its reader one pair of eyes. */
const given = new Set<string>();

/** Tells of a model's licence on the first run of it in this program. */
export function tellLicence(modelName: string, run: pulumi.Resource): void {
  const notice = licenceNotice(modelName);
  if (notice === undefined || given.has(notice)) return;
  given.add(notice);
  void pulumi.log.info(notice, run);
}
