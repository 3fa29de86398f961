import type { LiveQuota } from "../../model/live-quota";
import type { QuotaNeed } from "../../model/quota";
import type { Report } from "../../model/report";
import { liveLines } from "../live";
import { type Cell, cell, code, counted, type Line, type Section } from "../parts";
import { change } from "../words";

/** vCPU quota by what Azure counts; where Azure was asked, with what is left of it. */
export function quotaSection({ quota, live }: Report): Section | undefined {
  const { needs, uncounted } = quota;
  if (needs.length === 0 && uncounted.length === 0) return undefined;
  const overlaps = needs.some(({ newVcpus, oldVcpus, duringVcpus }) => duringVcpus > Math.max(newVcpus, oldVcpus));
  const told = live?.quota ?? [];
  const rows = [...needs.map((need) => ({ ...need, told: toldOf(need, told) })), ...told.filter((each) => each.total || each.needs.length === 0).map((each) => ({ ...each, told: each }))];
  const heads = ["Quota", "Region", "vCPUs at most", ...(overlaps ? ["while replacing"] : []), ...(told.length > 0 ? ["Limit", "Used", "Left"] : [])];
  const right = heads.map((_, column) => column).slice(2);
  const lead: Line[] = overlaps ? [["Old and new nodes stand at the same time while pools are replaced; what they use then is more than before or after."]] : [];
  const unknown = uncounted
    .filter(({ size }) => !told.some(({ sizes }) => sizes.includes(size)))
    .map(({ size, nodes }): Line => [code(size), ` is in no catalogue: ${counted(nodes, "node")} of it are not counted.`]);
  return {
    title: "Quota",
    lead: [...(live ? liveLines(live) : []), ...lead, ...unknown],
    body: { kind: "table", heads, right: told.length > 0 ? right : [2, 3], rows: rows.map((row) => cells(row, overlaps, told.length > 0)) },
    rowsAre: ["quota", "quotas"],
  };
}

function toldOf({ family, region }: QuotaNeed, told: readonly LiveQuota[]): LiveQuota | undefined {
  return told.find((each) => !each.total && each.region === region && each.needs.includes(family));
}

type Row = Omit<QuotaNeed, "spot"> & { readonly told: LiveQuota | undefined };

function cells({ family, region, oldVcpus, newVcpus, duringVcpus, told }: Row, overlaps: boolean, live: boolean): readonly Cell[] {
  return [
    cell(code(family)),
    cell(region === undefined ? "not known" : code(region)),
    cell(change(String(oldVcpus), String(newVcpus))),
    ...(overlaps ? [cell(String(duringVcpus))] : []),
    ...(live ? leftOf(told) : []),
  ];
}

/** A quota that no pool needs after the update was not asked for, and stays empty. */
function leftOf(told: LiveQuota | undefined): readonly Cell[] {
  if (told === undefined) return [cell(""), cell(""), cell("")];
  const { limit, used, left } = told;
  return [cell(limit === undefined ? "none" : String(limit)), cell(used === undefined ? "" : String(used)), cell(left === undefined ? "" : String(left))];
}
