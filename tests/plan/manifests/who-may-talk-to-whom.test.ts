import { mayConnect, type Policy } from "../../support/network-policies";
import { withoutOnePart } from "../../support/policy-mutations";
import { CASES, end, policiesOf, type Row } from "../../support/who-may-talk";

function allowed(policies: readonly Policy[], [source, destination, port]: Row): "yes" | "no" {
  const [protocol = "", number = ""] = port.split(" ");
  return mayConnect(policies, end(source), end(destination), protocol, Number(number)) ? "yes" : "no";
}

describe.each(CASES)("%s", (_, decisions, rows) => {
  it.each(rows)("%s to %s at %s: %s", (...row) => {
    expect(allowed(policiesOf(decisions), row)).toBe(row[3]);
  });
});

describe("the tables", () => {
  const judged = CASES.map(([, decisions, rows]) => ({ policies: policiesOf(decisions), rows }));

  it("notice when any policy, rule, peer, port, exception or selector is dropped", () => {
    const parts = judged.flatMap(({ policies }) => withoutOnePart(policies).map(({ what }) => what));
    const unnoticed = parts.filter((what) =>
      judged.every(({ policies, rows }) => {
        const mutant = withoutOnePart(policies).find((one) => one.what === what);
        return mutant === undefined || rows.every((row) => allowed(mutant.policies, row) === row[3]);
      }),
    );
    expect(new Set(parts).size).toBeGreaterThan(30);
    // The policy for DNS closes all else to every pod already; the default one says it so that nothing depends on that.
    // What a team's pods may leave for, the server's own policy and the default one close at the other end.
    const server = "tickets-clients.egress[0].to[0].podSelector";
    expect([...new Set(unnoticed)]).toEqual([
      "default-deny.policyTypes[1]",
      `${server}.matchLabels`,
      `${server}.matchLabels.app.kubernetes.io/name`,
      `${server}.matchLabels.app.kubernetes.io/component`,
      "tickets-clients.egress[0].ports[0]",
      "tickets-clients.egress[0].ports[0].port",
    ]);
  });
});
