import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { readDataset } from "../components/plan/dataset";
import { mockEngine } from "./support/mock-engine";

const EXAMPLES = path.resolve("examples");
const IMAGE = `registry.example/image@sha256:${"a".repeat(64)}`;

describe("examples", () => {
  const home = process.cwd();
  afterEach(() => {
    process.chdir(home);
  });

  it("are each a program, or data of one", () => {
    const folders = readdirSync(EXAMPLES).sort();
    expect(folders).toEqual(["support-bot", "tune-and-serve"]);
  });

  it("support-bot has a hundred rows or more, none twice", () => {
    const dataset = readDataset(readFileSync(path.join(EXAMPLES, "support-bot", "tickets.jsonl"), "utf8"));
    if (!("jsonl" in dataset)) throw new Error(JSON.stringify(dataset));
    const rows = dataset.jsonl.trimEnd().split("\n");
    expect(rows.length).toBeGreaterThanOrEqual(100);
    expect(new Set(rows).size).toBe(rows.length);
  });

  it("tune-and-serve registers one pool of the size it names, one run and one service", async () => {
    const engine = await mockEngine();
    pulumi.runtime.setAllConfig({ "aks-fine-tuning:weightsImage": IMAGE, "aks-fine-tuning:trainerImage": IMAGE });
    process.chdir(path.join(EXAMPLES, "tune-and-serve"));
    const example = jest.requireActual<{ readonly gpuSizeReason: string }>("../examples/tune-and-serve");
    const registered = await engine.registered();
    const [pool] = registered.filter(({ type }) => type === "azure-native:containerservice:AgentPool");
    expect(example.gpuSizeReason).toContain(String(pool?.inputs["vmSize"]));
    const count = (type: string): number => registered.filter((each) => each.type === type).length;
    expect({ jobs: count("kubernetes:batch/v1:Job"), services: count("kubernetes:core/v1:Service"), pools: count("azure-native:containerservice:AgentPool") }).toEqual({
      jobs: 2,
      services: 1,
      pools: 1,
    });
  });
});
