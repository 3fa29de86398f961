import type { Properties } from "./values";

/** What a stand-in for a Pulumi provider answers; `provider-server.ts` speaks the protocol around it. */
export interface StandIn {
  /** Whether Check reads `autonaming`; engines offer it only to providers that say so. */
  readonly supportsAutonaming?: boolean;
  /**
   * Whether secrets arrive marked and are marked in results. Where not, the engine sends plain values and marks outputs
   * of the same name itself, which is what it does for azure-native.
   * @default true
   */
  readonly acceptsSecrets?: boolean;
  /** Left out: the configuration is accepted as it is. */
  checkConfig?(request: CheckRequest): Promise<CheckResult> | CheckResult;
  /** Left out: no change of configuration replaces anything. */
  diffConfig?(request: DiffRequest): Promise<DiffResult> | DiffResult;
  configure?(request: ConfigureRequest): Promise<void> | void;
  check(request: CheckRequest): Promise<CheckResult> | CheckResult;
  diff(request: DiffRequest): Promise<DiffResult> | DiffResult;
  create(request: CreateRequest): Promise<CreateResult> | CreateResult;
  read(request: ReadRequest): Promise<ReadResult | undefined> | ReadResult | undefined;
  update(request: UpdateRequest): Promise<Properties> | Properties;
  delete(request: DeleteRequest): Promise<void> | void;
  invoke(request: InvokeRequest): Promise<InvokeResult> | InvokeResult;
}

interface ResourceRequest {
  readonly urn: string;
  /** Type token, for example `azure-native:resources:ResourceGroup`. */
  readonly type: string;
  /** Logical name in the program. */
  readonly name: string;
  /** Aborted when the engine cancels or is gone; long waits end with it. */
  readonly signal: AbortSignal;
}

export interface ConfigureRequest {
  readonly urn: string | undefined;
  readonly name: string | undefined;
  /**
   * The provider resource's inputs; structured values arrive as JSON text, which is how SDKs send provider
   * configuration.
   */
  readonly config: Properties;
}

export interface CheckRequest extends ResourceRequest {
  readonly olds: Properties;
  readonly news: Properties;
  /** The same for the same resource in preview and update, so that both choose the same name. Empty when not sent. */
  readonly randomSeed: Uint8Array;
  readonly autonaming: { readonly mode: "propose" | "enforce" | "disable"; readonly proposedName: string } | undefined;
}

export interface CheckFailure {
  /** Property path; empty for the resource as a whole. */
  readonly property: string;
  readonly reason: string;
}

export interface CheckResult {
  readonly inputs: Properties;
  readonly failures?: readonly CheckFailure[];
}

export interface DiffRequest extends ResourceRequest {
  readonly id: string;
  /** State at the end of the last operation: the outputs. */
  readonly olds: Properties;
  readonly oldInputs: Properties;
  readonly news: Properties;
  /** Already applied by the engine to `news`. */
  readonly ignoreChanges: readonly string[];
}

export type PropertyChange = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface DiffResult {
  /** `unknown` leaves it to the engine to compare inputs. */
  readonly changes: "none" | "some" | "unknown";
  /** Top-level properties or paths whose change replaces the resource. */
  readonly replaces?: readonly string[];
  /** Outputs that the coming update does not change; everything else is unknown in a preview. */
  readonly stables?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
  /** By property path (`spec.template`, `taints[0]`), always of inputs. */
  readonly detailed?: Readonly<Record<string, PropertyChange>>;
}

export interface CreateRequest extends ResourceRequest {
  readonly inputs: Properties;
  /** In a preview inputs may be unknown and nothing may be changed. */
  readonly preview: boolean;
  /** Custom timeout; 0 when none was set. */
  readonly timeoutSeconds: number;
}

export interface CreateResult {
  /** Empty in a preview. */
  readonly id: string;
  readonly outputs: Properties;
}

export interface ReadRequest extends ResourceRequest {
  readonly id: string;
  /** Last known outputs and inputs; empty when the program reads (`get`) or a person imports the resource. */
  readonly outputs: Properties;
  readonly inputs: Properties;
}

export interface ReadResult {
  readonly id: string;
  readonly outputs: Properties;
  readonly inputs: Properties;
}

export interface UpdateRequest extends ResourceRequest {
  readonly id: string;
  readonly olds: Properties;
  readonly oldInputs: Properties;
  readonly news: Properties;
  readonly ignoreChanges: readonly string[];
  readonly preview: boolean;
  readonly timeoutSeconds: number;
}

export interface DeleteRequest extends ResourceRequest {
  readonly id: string;
  readonly outputs: Properties;
  readonly inputs: Properties;
  readonly timeoutSeconds: number;
}

export interface InvokeRequest {
  readonly token: string;
  readonly args: Properties;
  readonly preview: boolean;
  readonly signal: AbortSignal;
}

export interface InvokeResult {
  readonly result: Properties;
  readonly failures?: readonly CheckFailure[];
}
