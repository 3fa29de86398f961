import * as pulumi from "@pulumi/pulumi";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";

type LoggingEngine = Pick<NonNullable<ReturnType<typeof pulumi.runtime.getEngine>>, "log">;

/** What holds a password, or the login that mints it. */
const SECRETS = [
  String.raw`RegisterResource RPC finished: .*\[(?:pulumi-nodejs:dynamic/aks-fine-tuning:TokenPassword|kubernetes:core/v1:Secret)\]`,
  "Invoke RPC finished: tok=azure-native:authorization:getClientToken",
];
const ANSWER = new RegExp(`^((?:${SECRETS.join("|")}); err: null, resp: ).*`, "s");

/** A line of the SDK's debug log without what it repeats of an answer that is secret. */
export function withoutSecretAnswer(message: string): string {
  return message.replace(ANSWER, "$1[secret]");
}

/** Engines whose log is guarded already. */
const guarded = new WeakSet<object>();

/**
 * Keeps secrets out of the SDK's debug log, which repeats what resources and lookups answer in clear, secret or not, and which
 * `pulumi up --json`, `--debug` and event streams show
 * (`RegisterResource RPC finished` in https://github.com/pulumi/pulumi/blob/v3.270.0/sdk/nodejs/runtime/resource.ts; Python's SDK has ended
 * that, https://github.com/pulumi/pulumi/pull/24479).
 */
export function keepSecretsUnlogged(engine: LoggingEngine | undefined = pulumi.runtime.getEngine()): void {
  if (engine === undefined || guarded.has(engine)) return;
  guarded.add(engine);
  const log: (request: LogRequest, ...rest: never[]) => ReturnType<LoggingEngine["log"]> = engine.log.bind(engine);
  engine.log = (request: LogRequest, ...rest: never[]) => {
    request.setMessage(withoutSecretAnswer(request.getMessage()));
    return log(request, ...rest);
  };
}
