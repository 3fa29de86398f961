import { type AskingAzure, liveFindingsByLogin } from "../live/findings";
import { changesOf } from "./model/change";
import { liveOf } from "./model/live";
import { questionsOf } from "./model/live-question";
import type { Report } from "./model/report";
import { zonesOf } from "./model/zones";
import { textOf } from "./read/json";
import type { Preview } from "./read/preview";

/** The report with what Azure says of its pools now. What Azure does not answer changes nothing else of it. */
export async function withLive(report: Report, preview: Preview, asking: AskingAzure): Promise<Report> {
  const pools = report.cost.pools.map(({ pool }) => pool);
  const questions = questionsOf(pools, zonesOf(changesOf(preview)));
  // Without a question there is no need of a login.
  const answers = questions.regions.length === 0 ? [] : await liveFindingsByLogin(questions.regions, { subscriptionId: textOf(preview.config["azure-native:subscriptionId"]), ...asking });
  return { ...report, live: liveOf(questions, answers, pools, report.quota) };
}
