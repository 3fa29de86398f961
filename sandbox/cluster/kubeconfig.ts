import * as fs from "node:fs";
import * as path from "node:path";
import * as yaml from "yaml";
import { writeIfChanged } from "../files";
import type { Home } from "../home";
import { certificateFiles } from "./certificates";

/** Writes the kubeconfig of one of the sandbox's own programs and returns its path; it refers to the certificate files. */
export function daemonKubeconfig(home: Home, server: string, user: string, certificateName: string = user): string {
  const file = path.join(home.dir, "kubeconfigs", user);
  const { certificate, key } = certificateFiles(home, certificateName);
  const authority = certificateFiles(home, "ca").certificate;
  const credentials = { "client-certificate": certificate, "client-key": key };
  writeIfChanged(file, kubeconfig({ server, "certificate-authority": authority }, user, credentials), 0o600);
  return file;
}

/** The kubeconfig for people, complete in itself. */
export function writeAdminKubeconfig(home: Home, server: string): void {
  const { certificate, key } = certificateFiles(home, "admin");
  const authority = base64(certificateFiles(home, "ca").certificate);
  const credentials = { "client-certificate-data": base64(certificate), "client-key-data": base64(key) };
  const text = kubeconfig({ server, "certificate-authority-data": authority }, "admin", credentials);
  writeIfChanged(home.kubeconfig, text, 0o600);
}

/**
 * An executable in place of Azure's kubelogin, which the program's kubeconfigs name: it answers with the administrator's
 * certificate, as there is no Entra ID to ask for a token.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#input-and-output-formats
 */
export function writeKubelogin(home: Home): void {
  const { certificate, key } = certificateFiles(home, "admin");
  const credential = {
    apiVersion: "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    status: {
      clientCertificateData: fs.readFileSync(certificate, "utf8"),
      clientKeyData: fs.readFileSync(key, "utf8"),
    },
  };
  const script = [
    "#!/bin/sh",
    "# Stand-in for kubelogin: answers every get-token with the sandbox administrator's certificate.",
    "case \"$KUBERNETES_EXEC_INFO\" in *client.authentication.k8s.io/v1beta1*) version=v1beta1 ;; *) version=v1 ;; esac",
    "sed \"s,client.authentication.k8s.io/v1,client.authentication.k8s.io/$version,\" <<'EOF'",
    JSON.stringify(credential),
    "EOF",
    "",
  ].join("\n");
  writeIfChanged(path.join(home.bin, "kubelogin"), script, 0o700);
}

function kubeconfig(cluster: object, user: string, credentials: object): string {
  const name = "sandbox";
  return yaml.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster }],
    users: [{ name: user, user: credentials }],
    contexts: [{ name, context: { cluster: name, user } }],
    "current-context": name,
  });
}

function base64(file: string): string {
  return fs.readFileSync(file).toString("base64");
}
