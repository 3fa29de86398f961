import * as fs from "node:fs";
import * as path from "node:path";
import type { JsonObject } from "../values";

export interface ResourceRecord {
  readonly id: string;
  /** Pulumi's type token. */
  readonly type: string;
  readonly name: string;
  /** Resource that asked for the creation; the same one may ask again when its answer was lost. */
  readonly urn: string;
  readonly inputs: JsonObject;
  readonly outputs: JsonObject;
}

interface StateFile {
  readonly resources: Readonly<Record<string, ResourceRecord>>;
}

/**
 * Everything that exists in the simulated subscription, in one file that is replaced as a whole: a killed process
 * leaves the state before or after a write, never half of it. The cluster agent reads the file.
 */
export class StateStore {
  /** By lower-cased id, because Azure's ids differ in case only by accident. */
  private records = new Map<string, ResourceRecord>();
  private seen: string | undefined;

  constructor(private readonly file: string) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    this.load();
    if (!fs.existsSync(file)) this.save();
  }

  get(id: string): ResourceRecord | undefined {
    this.load();
    return this.records.get(id.toLowerCase());
  }

  all(): readonly ResourceRecord[] {
    this.load();
    return [...this.records.values()];
  }

  ofType(type: string): readonly ResourceRecord[] {
    return this.all().filter((record) => record.type === type);
  }

  /** What lies inside a resource: its children, or everything in a resource group. */
  inside(id: string): readonly ResourceRecord[] {
    const prefix = `${id.toLowerCase()}/`;
    return this.all().filter((record) => record.id.toLowerCase().startsWith(prefix));
  }

  put(record: ResourceRecord): void {
    this.load();
    this.records.set(record.id.toLowerCase(), record);
    this.save();
  }

  /** Removes a resource with all that is inside it; returns what is gone. */
  remove(id: string): readonly ResourceRecord[] {
    const gone = [...(this.get(id) ? [this.get(id)] : []), ...this.inside(id)].filter((record) => record !== undefined);
    for (const record of gone) this.records.delete(record.id.toLowerCase());
    if (gone.length > 0) this.save();
    return gone;
  }

  /** Reads the file again when somebody else wrote it: tests simulate changes made outside Pulumi that way. */
  private load(): void {
    const stamp = this.stamp();
    if (stamp === undefined || stamp === this.seen) return;
    const file = JSON.parse(fs.readFileSync(this.file, "utf8")) as StateFile;
    this.records = new Map(Object.values(file.resources).map((record) => [record.id.toLowerCase(), record]));
    this.seen = stamp;
  }

  private save(): void {
    const resources = Object.fromEntries([...this.records.values()].map((record) => [record.id, record]));
    const temporary = `${this.file}.${process.pid}.tmp`;
    const descriptor = fs.openSync(temporary, "w", 0o600);
    fs.writeSync(descriptor, `${JSON.stringify({ resources }, null, 1)}\n`);
    fs.fsyncSync(descriptor);
    fs.closeSync(descriptor);
    fs.renameSync(temporary, this.file);
    this.seen = this.stamp();
  }

  private stamp(): string | undefined {
    const stat = fs.statSync(this.file, { bigint: true, throwIfNoEntry: false });
    return stat && `${stat.ino}:${stat.mtimeNs}:${stat.size}`;
  }
}
