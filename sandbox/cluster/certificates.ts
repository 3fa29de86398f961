import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { readText, writeAtomically } from "../files";
import type { Home } from "../home";
import { API_SERVICE_ADDRESS, LOOPBACK, NODE_ADDRESSES } from "./addresses";

const run = promisify(execFile);

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

interface Wanted {
  readonly commonName: string;
  readonly organization?: string;
  /** Addresses and names of a server; a client has none. */
  readonly alternativeNames?: readonly string[];
}

/** Clients of the API server, by file name. The groups are those that Kubernetes' built-in roles are bound to. */
const CLIENTS = {
  admin: { commonName: "admin", organization: "system:masters" },
  agent: { commonName: "sandbox-agent", organization: "system:masters" },
  "apiserver-kubelet-client": { commonName: "apiserver-kubelet-client", organization: "system:masters" },
  "kube-controller-manager": { commonName: "system:kube-controller-manager" },
  "kube-scheduler": { commonName: "system:kube-scheduler" },
  "kube-proxy": { commonName: "system:kube-proxy" },
} as const satisfies Record<string, Wanted>;

export type Client = keyof typeof CLIENTS;

const API_SERVER: Wanted = {
  commonName: "kube-apiserver",
  alternativeNames: [
    "localhost",
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
    LOOPBACK,
    NODE_ADDRESSES[0],
    API_SERVICE_ADDRESS,
  ],
};

export function certificateFiles(home: Home, name: string): Certificate {
  return {
    certificate: path.join(home.certificates, `${name}.crt`),
    key: path.join(home.certificates, `${name}.key`),
  };
}

/** Makes what is missing of the control plane's certificates; takes no time when all are there. */
export async function ensureCertificates(home: Home, openssl: string): Promise<void> {
  fs.mkdirSync(home.certificates, { recursive: true, mode: 0o700 });
  await ensureAuthority(home, openssl);
  await ensureKey(openssl, certificateFiles(home, "service-accounts").key);
  const all: readonly (readonly [string, Wanted])[] = [...Object.entries(CLIENTS), ["kube-apiserver", API_SERVER]];
  await Promise.all(all.map(([name, wanted]) => ensureCertificate(home, openssl, name, wanted)));
}

/** What a kubelet needs: the identity of its node towards the API server, and a server certificate for its address. */
export async function ensureNodeCertificates(home: Home, openssl: string, node: string, address: string) {
  const identity = { commonName: `system:node:${node}`, organization: "system:nodes" };
  const [client, server] = await Promise.all([
    ensureCertificate(home, openssl, `${node}-client`, identity),
    ensureCertificate(home, openssl, `${node}-server`, { ...identity, alternativeNames: [node, address] }),
  ]);
  return { client, server };
}

async function ensureAuthority(home: Home, openssl: string): Promise<void> {
  const { certificate, key } = certificateFiles(home, "ca");
  if (fs.existsSync(certificate)) return;
  await ensureKey(openssl, key);
  const part = `${certificate}.part`;
  const extensions = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,digitalSignature"];
  await run(openssl, [
    ...["req", "-x509", "-new", "-key", key, "-subj", "/CN=aks-fine-tuning-sandbox", "-days", "3650", "-out", part],
    ...extensions.flatMap((extension) => ["-addext", extension]),
  ]);
  fs.renameSync(part, certificate);
}

async function ensureKey(openssl: string, file: string): Promise<void> {
  if (fs.existsSync(file)) return;
  const { stdout } = await run(openssl, ["ecparam", "-name", "prime256v1", "-genkey", "-noout"]);
  writeAtomically(file, stdout, 0o600);
}

async function ensureCertificate(home: Home, openssl: string, name: string, wanted: Wanted): Promise<Certificate> {
  const files = certificateFiles(home, name);
  const wish = path.join(home.certificates, `${name}.cnf`);
  const text = extensionsOf(wanted);
  if (fs.existsSync(files.certificate) && readText(wish) === text) return files;
  await ensureKey(openssl, files.key);
  fs.rmSync(files.certificate, { force: true }); // so that being killed now does not leave the old one beside the new wish
  fs.writeFileSync(wish, text);
  const request = path.join(home.certificates, `${name}.csr`);
  const part = `${files.certificate}.part`;
  const ca = certificateFiles(home, "ca");
  await run(openssl, ["req", "-new", "-key", files.key, "-subj", subjectOf(wanted), "-out", request]);
  await run(openssl, [
    ...["x509", "-req", "-in", request, "-CA", ca.certificate, "-CAkey", ca.key, "-days", "3650"],
    ...["-set_serial", `0x${process.hrtime.bigint().toString(16)}`, "-extfile", wish, "-out", part],
  ]);
  fs.renameSync(part, files.certificate);
  fs.rmSync(request);
  return files;
}

function subjectOf({ organization, commonName }: Wanted): string {
  return `${organization === undefined ? "" : `/O=${organization}`}/CN=${commonName}`;
}

function extensionsOf({ alternativeNames }: Wanted): string {
  const usage = alternativeNames === undefined ? "clientAuth" : "serverAuth";
  const names = (alternativeNames ?? []).map((name) => `${/^[\d.]+$/.test(name) ? "IP" : "DNS"}:${name}`);
  return [
    "basicConstraints=critical,CA:FALSE",
    "keyUsage=critical,digitalSignature",
    `extendedKeyUsage=${usage}`,
    ...(names.length > 0 ? [`subjectAltName=${names.join(",")}`] : []),
    "",
  ].join("\n");
}
