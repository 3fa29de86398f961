import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Faults } from "../../sandbox/providers/azure-native/faults";
import { AzureNativeStandIn } from "../../sandbox/providers/azure-native/stand-in";
import { StateStore } from "../../sandbox/providers/azure-native/state";
import { ExclusiveWrites, WriteLimits } from "../../sandbox/providers/azure-native/write-limits";
import type { CreateResult } from "../../sandbox/providers/stand-in";
import type { Properties } from "../../sandbox/providers/values";

/** The stand-in for Azure on a state of its own, without an engine. */
export class SimulatedAzure {
  readonly azure: AzureNativeStandIn;
  /** What was made, as "type name", in the order in which it was ready. */
  readonly made: string[] = [];
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "simulated-azure-"));
  /** What exists in it. */
  readonly state = new StateStore(path.join(this.folder, "state.json"));

  /** `pace` is how long writes take, of what the sandbox takes for them. */
  constructor(pace = 0.05) {
    this.azure = new AzureNativeStandIn({
      state: this.state,
      faults: new Faults(path.join(this.folder, "faults.json"), () => undefined),
      limits: new WriteLimits(),
      exclusive: new ExclusiveWrites(),
      quotaFile: path.join(this.folder, "quota.json"),
      seamFile: undefined,
      log: () => undefined,
      pace,
    });
  }

  close(): void {
    fs.rmSync(this.folder, { recursive: true });
  }

  async create(type: string, name: string, news: Properties): Promise<CreateResult> {
    const about = resource(type, name);
    const { inputs } = this.azure.check({ ...about, olds: {}, news, randomSeed: Buffer.from("seed"), autonaming: undefined });
    const result = await this.azure.create({ ...about, inputs, preview: false, timeoutSeconds: 0 });
    this.made.push(`${type} ${name}`);
    return result;
  }

  update(type: string, name: string, id: string, news: Properties): Promise<Properties> {
    const changed = { id, olds: {}, oldInputs: {}, news, ignoreChanges: [], preview: false, timeoutSeconds: 0 };
    return this.azure.update({ ...resource(type, name), ...changed });
  }

  /** Properties whose change would replace the resource. */
  replacing(type: string, oldInputs: Properties, news: Properties): readonly string[] | undefined {
    return this.azure.diff({ ...resource(type, "it"), id: "id", olds: {}, oldInputs, news, ignoreChanges: [] }).replaces;
  }
}

function resource(type: string, name: string) {
  return { urn: `urn:pulumi:dev::test::${type}::${name}`, type, name, signal: new AbortController().signal };
}
