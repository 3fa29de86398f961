import type { Report } from "../../model/report";
import type { RestItem } from "../../model/rest";
import { code, counted, type Line, type Section, strong } from "../parts";

const SIGNS = { create: "+", update: "~", replace: "±", delete: "−", same: "=", read: "=" } as const;

/** Every resource that changes, under the component that it is a part of. */
export function resourceSection({ resources }: Report): Section | undefined {
  const count = resources.reduce((sum, { items }) => sum + items.length, 0);
  if (count === 0) return undefined;
  const rows = resources.flatMap(({ component, items }) => [
    { depth: 0 as const, line: [component === undefined ? strong("Outside of components") : strong(code(component)), ` · ${counted(items.length, "resource")}`] },
    ...items.map((item) => ({ depth: 1 as const, line: itemLine(item) })),
  ]);
  return { title: `Every resource that changes (${count})`, collapsed: true, lead: [["Signs: ", code("+"), " created, ", code("~"), " changed, ", code("±"), " replaced, ", code("−"), " deleted."]], body: { kind: "list", rows }, rowsAre: ["line of resources", "lines of resources"] };
}

function itemLine({ action, type, name, fields, moreFields }: RestItem): Line {
  // The sign inside the code: outside of it, a plus would begin a list.
  const head: Line = [code(`${SIGNS[action]} ${type} ${name}`)];
  if (fields.length === 0) return head;
  const changes = fields.flatMap(({ path, old, new: after }, index): Line => [index === 0 ? ": " : ", ", code(path), " ", code(`${old} → ${after}`)]);
  return [...head, ...changes, ...(moreFields > 0 ? [` and ${moreFields} more`] : [])];
}
