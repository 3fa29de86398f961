import { restrictionInWords } from "../../live/restrictions";
import type { Live, LiveSize, Unasked } from "../model/live";
import type { LiveQuota } from "../model/live-quota";
import { code, counted, joined, type Line, type Part, prose, strong } from "./parts";
import { someOf } from "./sections/workloads";

/** Lines of one kind that a section shows. */
const MOST_LINES = 6;

/** What keeps nodes from coming, worst first: none of them where all is well. */
interface Lacks {
  readonly closed: readonly LiveSize[];
  readonly zones: readonly LiveSize[];
  readonly short: readonly LiveQuota[];
}

function lacksOf({ sizes, quota }: Live): Lacks {
  return {
    closed: sizes.filter(({ offered }) => !offered),
    zones: sizes.filter(({ offered, missingZones }) => offered && missingZones.length > 0),
    short: quota.filter(({ verdict }) => verdict === "short" || verdict === "not listed"),
  };
}

export function isLacking(live: Live): boolean {
  const { closed, zones, short } = lacksOf(live);
  return closed.length + zones.length + short.length > 0;
}

/** For the top of the report: the one thing that is lacking by its name, several by their number. */
export function lackLine(live: Live): Line | undefined {
  const { closed, zones, short } = lacksOf(live);
  const lacking = [...closed.map(closedPart), ...zones.map(zonesPart), ...short.map(shortPart)];
  const [only] = lacking;
  if (only === undefined) return undefined;
  if (lacking.length === 1) return [strong("Azure says: ", ...only, ".")];
  const counts = [
    ...(closed.length > 0 ? [`${counted(closed.length, "size")} ${closed.length === 1 ? "is" : "are"} not offered`] : []),
    ...(zones.length > 0 ? [`${counted(zones.length, "size")} ${zones.length === 1 ? "lacks" : "lack"} zones`] : []),
    ...(short.length > 0 ? [`${counted(short.length, "quota")} ${short.length === 1 ? "is" : "are"} short`] : []),
  ];
  return [strong(`Azure says: ${counts.join(", ")}; see Quota.`)];
}

function closedPart({ size, region }: LiveSize): readonly Part[] {
  return [code(size), " is not offered in ", code(region)];
}

function zonesPart({ size, region, missingZones }: LiveSize): readonly Part[] {
  return [code(size), " is not offered in ", ...zoneNames(missingZones), " of ", code(region)];
}

function shortPart({ family, region, verdict, missingVcpus }: LiveQuota): readonly Part[] {
  return verdict === "not listed" ? [code(region), " has no quota ", code(family)] : [code(family), " in ", code(region), ` is short by ${counted(missingVcpus, "vCPU")}`];
}

function zoneNames(zones: readonly string[]): readonly Part[] {
  return [zones.length === 1 ? "zone " : "zones ", ...joined(zones.slice(0, 3).map(code), ", "), ...(zones.length > 3 ? [` and ${zones.length - 3} more`] : [])];
}

/** For the section on quota: what is lacking, what depends, and what was not answered. */
export function liveLines(live: Live): readonly Line[] {
  const { closed, zones, short } = lacksOf(live);
  const doubtful = live.quota.filter(({ verdict }) => verdict === "depends" || verdict === "short while replacing");
  const lacking = [...closed.map(closedLine), ...zones.map(zonesLine), ...short.map(shortLine)];
  return [
    ...some(lacking, "more that Azure lacks"),
    ...some(doubtful.map(doubtfulLine), "more quotas that may not be enough"),
    ...(lacking.length + doubtful.length === 0 ? wellLine(live) : []),
    ...some(live.unasked.map(unaskedLine), "more that could not be asked"),
    ...(live.quota.length > 0 ? [[figuresNote(live.quota)]] : []),
  ];
}

function some(lines: readonly Line[], more: string): readonly Line[] {
  return lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), [`… and ${lines.length - MOST_LINES} ${more}.`]] : lines;
}

function closedLine(size: LiveSize): Line {
  const why = size.restriction === undefined ? "it is not sold there" : restrictionInWords(size.restriction);
  return [strong(...closedPart(size), ":"), " ", prose(why), "; wanted by ", ...someOf(size.pools), "."];
}

function zonesLine(size: LiveSize): Line {
  const elsewhere: Line = size.zones.length === 0 ? [" It is in no zone there"] : [" It is in ", ...zoneNames(size.zones)];
  return [strong(...zonesPart(size), "."), ...elsewhere, "; wanted by ", ...someOf(size.pools), "."];
}

function shortLine(quota: LiveQuota): Line {
  if (quota.verdict === "not listed") return [strong(...shortPart(quota), "."), ` At most ${quota.newVcpus} vCPUs are for `, ...someOf(quota.pools), "."];
  return [strong(...shortPart(quota), "."), ` At most ${quota.newVcpus} are for `, ...someOf(quota.pools), `; ${standing(quota)}${quota.ownVcpus > 0 ? `, and at most ${quota.ownVcpus} of the used are this stack's own` : ""}.`];
}

function doubtfulLine({ verdict, ...quota }: LiveQuota): Line {
  const name = [code(quota.family), " in ", code(quota.region)];
  if (verdict === "short while replacing") return [...name, ` may be short while pools are replaced: old and new nodes together are at most ${quota.duringVcpus}; ${standing(quota)}.`];
  const { newVcpus, left = 0, used = 0 } = quota;
  return [...name, ` is enough only if ${newVcpus - left} of the ${used} used are this stack's own: at most ${newVcpus} are for `, ...someOf(quota.pools), `; ${standing(quota)}.`];
}

function standing({ limit = 0, left = 0 }: Pick<LiveQuota, "limit" | "left">): string {
  return `${left} of ${limit} are left`;
}

function figuresNote(quota: readonly LiveQuota[]): string {
  const total = quota.some((each) => each.total) ? " The region's total is for nodes without GPUs too, which are not counted here." : "";
  return `Limit, used and left are vCPUs as Azure counts them now; nodes of this stack that run are among the used.${total}`;
}

/** Said of what was asked alone. */
function wellLine({ quota, sizes }: Live): readonly Line[] {
  if (quota.length === 0 && sizes.length === 0) return [];
  const said = [...(quota.length > 0 ? ["enough quota is left"] : []), ...(sizes.length > 0 ? ["every size is offered where it is wanted"] : [])];
  return [[`Azure says: ${said.join(", and ")}.`]];
}

function unaskedLine({ what, regions, why }: Unasked): Line {
  const subject = what.length > 1 ? "Sizes and quota" : what[0] === "sizes" ? "Sizes" : "Quota";
  const where: Line = regions.length === 0 ? [] : [" in ", ...someOf(regions)];
  return [subject, ...where, " could not be asked: ", prose(why), /[.?!…]$/u.test(why) ? "" : "."];
}
