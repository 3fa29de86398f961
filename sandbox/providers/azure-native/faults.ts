import * as fs from "node:fs";
import type { Log } from "../provider-server";
import { ArmError } from "./arm-error";

export type Operation = "create" | "update" | "delete" | "read" | "invoke";

/** One failure that a test asks for. Entries are used up from the top; one that is used up leaves the file. */
export interface Fault {
  /** Type token or, for an invoke, its token; left out: any. */
  readonly type?: string;
  /** Azure's name or the logical name; left out: any. */
  readonly name?: string;
  readonly operation: Operation;
  /** `after`: Azure did what it was asked and the answer is lost. */
  readonly when: "before" | "after";
  /** How many calls fail. @default 1 */
  readonly times?: number;
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export interface FaultedCall {
  readonly type: string;
  readonly names: readonly string[];
  readonly operation: Operation;
}

/** Failures on order, from a file beside the state that is read again at every call. */
export class Faults {
  constructor(
    private readonly file: string,
    private readonly log: Log,
  ) {}

  /** Throws the failure ordered for this call, and takes it off the list. */
  raise(when: Fault["when"], call: FaultedCall): void {
    if (!fs.existsSync(this.file)) return;
    const faults = JSON.parse(fs.readFileSync(this.file, "utf8")) as readonly Fault[];
    const index = faults.findIndex((fault) => fault.when === when && matches(fault, call));
    const fault = faults[index];
    if (!fault) return;

    const left = (fault.times ?? 1) - 1;
    const rest = left > 0 ? faults.with(index, { ...fault, times: left }) : faults.toSpliced(index, 1);
    const temporary = `${this.file}.${process.pid}.tmp`;
    fs.writeFileSync(temporary, JSON.stringify(rest, null, 1));
    fs.renameSync(temporary, this.file);
    this.log(
      `fault on order: ${call.operation} ${call.type} ${call.names[0] ?? ""} fails ${when} applying, ${fault.code}`,
    );
    throw new ArmError(fault.status, fault.code, fault.message);
  }
}

function matches(fault: Fault, call: FaultedCall): boolean {
  return (
    fault.operation === call.operation &&
    (fault.type ?? call.type) === call.type &&
    (fault.name === undefined || call.names.includes(fault.name))
  );
}
