import { clean, cleanLines } from "../../../cli/report/clean";
import { codeSpan, escaped } from "../../../cli/report/render/markdown";
import { markerOf } from "../../../cli/report/render/marker";
import { shown, valueWithin } from "../../../cli/report/values";

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "hunter2" };
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const GUID = "5a4db0c5-0000-4000-8000-000000000001";

describe("a text of a preview", () => {
  it.each([
    [`/subscriptions/${GUID}/resourceGroups/ai/providers/Microsoft.ContainerService/managedClusters/ai-1`, "…/managedClusters/ai-1"],
    [`/subscriptions/${GUID}`, "…"],
    [`tenant ${GUID}`, "tenant 5a4db0c5…"],
    [`reg.io/a@sha256:${"ab".repeat(32)}`, "reg.io/a@sha256:abababababab"],
    ["urn:pulumi:dev::p::aks-fine-tuning:index:Team$kubernetes:core/v1:Namespace::support", "kubernetes:core/v1:Namespace support"],
    ["\u001b[31mred\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u0007", "red link"],
    ["left\u202eright", "left\\u{202e}right"],
    ["a\u0000b\u200bc\ud800", "a\\u{0}b\\u{200b}c\\u{d800}"],
    ["two\n  lines\t", "two lines"],
    ["token hf_abcdefghijklmnop", "token a secret value (under 40 characters)"],
    [JSON.stringify({ password: SECRET }), "[secret]"],
  ])("%j is shown as %j", (text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  it("has a bound, which parts no character", () => {
    expect(clean("x".repeat(500), 10)).toBe("xxxxxxxxx…");
    expect(clean(`${"x".repeat(8)}😀😀`, 10)).toBe("xxxxxxxx…");
    expect(cleanLines("a\nb\r\nc\u2028d", 3)).toEqual(["a", "b", "c", "… and 1 more lines"]);
  });
});

describe("a value", () => {
  it.each([
    [undefined, "nothing"],
    [null, "null"],
    [3, "3"],
    [false, "false"],
    ["", "empty"],
    [UNKNOWN, "known after the update"],
    [SECRET, "[secret]"],
    [{ a: SECRET, b: UNKNOWN }, '{"a":"[secret]","b":"known after the update"}'],
    [["x", { y: 1 }], '["x",{"y":1}]'],
    ["one\ntwo\nthree", "text of 3 lines"],
    [Array.from({ length: 60 }, () => "long enough"), "list of 60"],
    [Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`k${index}`, "long"])), "60 fields: k0, k1, k2, k3, k4, …"],
    [{ adminPassword: "hunter2" }, '{"adminPassword":"[secret]"}'],
  ])("%j is shown as %s", (value, expected) => {
    expect(shown(value)).toBe(expected);
  });

  it("is a secret by its name too, and within what is a secret or unknown as a whole", () => {
    expect([shown("hunter2", ["spec", "adminPassword"]), shown("x", ["kubeconfig"]), shown(true, ["automountServiceAccountToken"])]).toEqual(["[secret]", "[secret]", "true"]);
    expect(shown(valueWithin({ data: SECRET }, ["data", "key"]))).toBe("[secret]");
    expect(shown(valueWithin({ spec: UNKNOWN }, ["spec", "replicas"]))).toBe("known after the update");
  });
});

describe("Markdown", () => {
  it.each([
    ["<b>", "&#60;b&#62;"],
    ["*x* _y_ [z](w)", "&#42;x&#42; &#95;y&#95; &#91;z&#93;(w)"],
    ["@team #12 org/repo#3 GH-4", "&#64;&#8203;team &#35;&#8203;12 org/repo&#35;&#8203;3 GH&#45;&#8203;4"],
    ["# title", "&#35;&#8203; title"],
    [" \u00a0# title", "&#35;&#8203; title"],
    ["1. one", "1&#46;&#8203; one"],
    ["- item", "&#45;&#8203; item"],
    ["http://x.y www.z.com :tada:", "http&#58;&#8203;//x.y www&#46;&#8203;z.com &#58;&#8203;tada:"],
    ["Standard_NC4as is 1.51 GiB, as spot", "Standard&#95;NC4as is 1.51 GiB, as spot"],
  ])("outside code %s means nothing", (text, expected) => {
    expect(escaped(text)).toBe(expected);
  });

  it.each([
    ["a`b", "`a'b`"],
    ["a\\|b", "`a|b`"],
    ["  ", "`(no name)`"],
  ])("inside code %j ends nothing", (text, expected) => {
    expect(codeSpan(text)).toBe(expected);
  });

  it.each([
    ["dev", "dev"],
    ["org/project/dev", "org/project/dev"],
    ["a--b", "a%2D-b"],
    ["x-->y", "x%2D-%3Ey"],
    ["x-", "x%2D"],
    [undefined, "unknown"],
  ])("the marker of %s ends no comment", (stack, expected) => {
    expect(markerOf(stack)).toBe(`aks-fine-tuning report: ${expected}`);
  });
});
