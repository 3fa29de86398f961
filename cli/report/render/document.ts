import type { Report } from "../model/report";
import { markerOf } from "./marker";
import { code, type Document, type Line, type Section } from "./parts";
import { costSection } from "./sections/money";
import { lossSection } from "./sections/losses";
import { endingSection, errorSection, lineSection, unpinnedSection, warningSection } from "./sections/messages";
import { quotaSection } from "./sections/quota";
import { resourceSection } from "./sections/resources";
import { reasonSection, runSection, serviceSection } from "./sections/workloads";
import { alarmOf, verdictOf } from "./verdict";

/** The report as a document: what matters most first. */
export function documentOf(report: Report): Document {
  const heading: Line = report.stack === undefined ? ["Preview"] : ["Preview of ", code(report.stack)];
  const sections = [
    errorSection(report),
    lineSection(report),
    lossSection(report),
    runSection(report),
    serviceSection(report),
    costSection(report),
    quotaSection(report),
    endingSection(report),
    unpinnedSection(report),
    warningSection(report),
    reasonSection(report),
    resourceSection(report),
  ];
  return {
    marker: markerOf(report.stack),
    heading,
    alarm: alarmOf(report),
    verdict: verdictOf(report),
    sections: sections.filter((section): section is Section => section !== undefined),
  };
}
