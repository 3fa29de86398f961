import { setTimeout as pause } from "node:timers/promises";
import type { Log } from "../provider-server";
import { InitializationFailed, ProviderError } from "../provider-errors";
import type * as api from "../stand-in";
import { type JsonObject, knownProperties, type Properties } from "../values";
import { armId, isTaught, lastSegment, resourceGroupOf, resourceType } from "./arm-ids";
import { ArmError } from "./arm-error";
import { checkInputs } from "./check";
import { diffInputs, normalizedLocation } from "./diff";
import type { Faults, Operation } from "./faults";
import { invoke, type Subscription } from "./invokes";
import { sameJson, textAt, withoutNulls } from "./json";
import { newRecord, previewOutputs, refreshedInputs } from "./outputs";
import { checkQuota, readQuota } from "./quota";
import { rulesOf, type Write } from "./rules";
import { readSeam } from "./seam";
import type { ResourceRecord, StateStore } from "./state";
import { requireSurroundings } from "./surroundings";
import type { ExclusiveWrites, WriteLimits } from "./write-limits";

/** What all connections to one simulated subscription share. */
export interface AzureParts {
  readonly state: StateStore;
  readonly faults: Faults;
  readonly limits: WriteLimits;
  readonly exclusive: ExclusiveWrites;
  readonly quotaFile: string;
  readonly seamFile: string | undefined;
  readonly log: Log;
  /** Factor on the time that writes take; 0 in tests that have no use for it. @default 1 */
  readonly pace?: number;
}

// Made up, and seen to be: nobody's subscription, tenant or application.
const SUBSCRIPTION = "5a4db0c5-0000-4000-8000-000000000001";
const TENANT = "5a4db0c5-0000-4000-8000-000000000002";
const CLIENT = "5a4db0c5-0000-4000-8000-000000000003";
const CALLER = "5a4db0c5-0000-4000-8000-000000000004";

/** Stands in for the azure-native provider and for the parts of Azure behind it that this project uses. */
export class AzureNativeStandIn implements api.StandIn {
  readonly supportsAutonaming = true;
  readonly acceptsSecrets = false;
  private config: JsonObject = {};

  constructor(private readonly parts: AzureParts) {}

  configure(request: api.ConfigureRequest): void {
    this.config = knownProperties(request.config);
  }

  check(request: api.CheckRequest): api.CheckResult {
    return checkInputs(request, this.subscription(), textAt(this.config, "location"));
  }

  diff(request: api.DiffRequest): api.DiffResult {
    return diffInputs(request);
  }

  async create(request: api.CreateRequest): Promise<api.CreateResult> {
    if (request.preview) return this.preview(request);
    const inputs = withoutNulls(knownProperties(request.inputs));
    if (!isTaught(request.type)) this.parts.log(`not taught: ${request.type} is accepted and returned as given`);

    return this.operation("create", request, async () => {
      const id = armId(resourceType(request.type), inputs, this.subscription().subscriptionId);
      if (id === undefined) throw new ProviderError(`the inputs of ${request.urn} do not make an Azure resource id`);
      const existing = this.parts.state.get(id);
      if (existing) return this.adopt(existing, request.urn, inputs, request.signal);
      const record = await this.put({ ...this.write(request, inputs), id, name: lastSegment(id) }, request, "Creating");
      await this.settle(record, inputs, request.signal);
      return { id: record.id, outputs: record.outputs };
    });
  }

  /** What a creation would answer, as far as that is known before it. */
  preview(request: api.CreateRequest): api.CreateResult {
    const inputs = withoutNulls(knownProperties(request.inputs));
    return { id: "", outputs: previewOutputs(this.write(request, inputs), request.inputs) };
  }

  /**
   * azure-native refuses whatever exists. That would leave a person to import what an interrupted `pulumi up` made and
   * could not record any more, so here the same resource of the same stack, asked for with the same inputs, is taken
   * for what it is: to Azure it is the same PUT again.
   */
  private async adopt(existing: ResourceRecord, urn: string, inputs: JsonObject, signal: AbortSignal) {
    if (existing.urn !== urn || !sameJson(existing.inputs, inputs)) {
      throw new ProviderError(`cannot create already existing resource '${existing.id}'`);
    }
    this.parts.log(
      `simulated adopt ${existing.type} ${existing.id}: created before by the same resource of the same stack with the ` +
        "same inputs (an interrupted update); the real provider would answer 'cannot create already existing resource'",
    );
    await this.settle(existing, inputs, signal);
    return { id: existing.id, outputs: existing.outputs };
  }

  async read(request: api.ReadRequest): Promise<api.ReadResult | undefined> {
    return this.operation("read", request, () => {
      const record = this.parts.state.get(request.id);
      if (!record) return undefined;
      const inputs = knownProperties(request.inputs);
      const fresh = Object.keys(inputs).length === 0;
      return {
        id: record.id,
        outputs: record.outputs,
        inputs: fresh
          ? record.inputs
          : refreshedInputs(record.type, inputs, knownProperties(request.outputs), record.outputs),
      };
    });
  }

  async update(request: api.UpdateRequest): Promise<Properties> {
    const inputs = withoutNulls(knownProperties(request.news));
    const before = this.parts.state.get(request.id);
    const write = { ...this.write(request, inputs), id: request.id, name: lastSegment(request.id), before };
    if (request.preview) {
      // The outputs that no update changes, so that a preview can pass them on (provider.go, Update).
      const { name, location } = request.olds;
      return { ...previewOutputs(write, request.news), name, ...(location === undefined ? {} : { location }) };
    }
    return this.operation("update", request, async () => {
      const record = await this.put(write, request, "Updating");
      await this.settle(record, inputs, request.signal);
      return record.outputs;
    });
  }

  async delete(request: api.DeleteRequest): Promise<void> {
    await this.operation("delete", request, async () => {
      const record = this.parts.state.get(request.id);
      if (!record) {
        this.parts.log(`simulated delete ${request.id}: not there any more, which is a success`);
        return;
      }
      const rules = rulesOf(record.type);
      await this.alone(record.id, record.type, "Deleting", async () => {
        rules.validateDelete?.(record, this.subscription());
        await this.takesTime(record.type);
        const gone = this.parts.state.remove(record.id);
        if (gone.length > 1)
          this.parts.log(`simulated delete ${record.id}: ${gone.length - 1} resources inside it are gone too`);
      });
    });
  }

  async invoke(request: api.InvokeRequest): Promise<api.InvokeResult> {
    const call = { type: request.token, name: "", urn: request.token };
    return this.operation("invoke", call, () => {
      const result = invoke(request.token, knownProperties(request.args), this.subscription());
      if (result === undefined)
        throw new ProviderError(`sandbox: the stand-in for azure-native has not been taught ${request.token}`);
      return { result };
    });
  }

  private async put(write: Write, request: { readonly urn: string }, verb: string): Promise<ResourceRecord> {
    const rules = rulesOf(write.type);
    requireSurroundings(write.id, this.subscription());
    if (rules.throttled) this.parts.limits.take(write.id);
    return this.alone(write.id, write.type, verb, async () => {
      rules.validate?.(write);
      const assigned = write.before ? {} : ((await rules.assign?.(write)) ?? {});
      const record = newRecord({ ...write, assigned }, write.before?.urn ?? request.urn);
      checkQuota(readQuota(this.parts.quotaFile), this.parts.state.all(), record, write.location);
      this.parts.state.put(record);
      await this.takesTime(write.type);
      return record;
    });
  }

  private alone<T>(id: string, type: string, verb: string, work: () => Promise<T>): Promise<T> {
    const exclusive = rulesOf(type).exclusive?.(id);
    const refusal = exclusive?.refusal ?? (() => new ArmError(409, "Conflict", "Another operation is in progress."));
    return this.parts.exclusive.run(exclusive?.id, `${lastSegment(id)} - ${verb}`, refusal, work);
  }

  private async takesTime(type: string): Promise<void> {
    const milliseconds = (rulesOf(type).milliseconds ?? 0) * (this.parts.pace ?? 1);
    if (milliseconds > 0) await pause(milliseconds);
  }

  private async settle(record: ResourceRecord, inputs: JsonObject, signal: AbortSignal): Promise<void> {
    try {
      await rulesOf(record.type).settled?.(record, signal);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new InitializationFailed(record.id, inputs, record.outputs, [reason]);
    }
  }

  private write(request: { readonly type: string; readonly name: string }, inputs: JsonObject): Write {
    const world = this.subscription();
    const id = armId(resourceType(request.type), inputs, world.subscriptionId) ?? "";
    const group = world.state.get(`/subscriptions/${world.subscriptionId}/resourceGroups/${resourceGroupOf(id) ?? ""}`);
    const location = textAt(inputs, "location") ?? textAt(group?.outputs, "location") ?? "";
    return {
      id,
      type: request.type,
      name: id === "" ? request.name : lastSegment(id),
      location: normalizedLocation(location),
      inputs,
      before: undefined,
      assigned: {},
      world,
    };
  }

  private subscription(): Subscription {
    const seam = readSeam(this.parts.seamFile);
    return {
      state: this.parts.state,
      subscriptionId: textAt(this.config, "subscriptionId") ?? SUBSCRIPTION,
      tenantId: textAt(this.config, "tenantId") ?? TENANT,
      clientId: textAt(this.config, "clientId") ?? CLIENT,
      callerObjectId: CALLER,
      registryHost: seam?.registryHost,
      seam,
    };
  }

  /** One line in the log for every operation, and the failures that a test has ordered. */
  private async operation<T>(
    operation: Operation,
    call: { readonly type: string; readonly name: string; readonly urn: string; readonly id?: string },
    work: () => Promise<T> | T,
  ): Promise<T> {
    const names = [...(call.id === undefined ? [] : [lastSegment(call.id)]), call.name];
    const label = `${operation} ${call.type} ${call.id ?? call.name}`.trim();
    const started = Date.now();
    try {
      this.parts.faults.raise("before", { type: call.type, names, operation });
      const result = await work();
      this.parts.faults.raise("after", { type: call.type, names, operation });
      this.parts.log(`simulated ${label} (${Date.now() - started} ms)`);
      return result;
    } catch (error) {
      this.parts.log(`simulated ${label} refused: ${error instanceof Error ? error.message : String(error)}`);
      throw error;
    }
  }
}
