import * as fs from "node:fs/promises";
import * as path from "node:path";
import { installedRecipe, unpackedRecipe } from "./debian";
import { goRecipe } from "./go-build";
import type { ToolName } from "./names";
import { existingCniPlugins } from "./cni-plugins";
import { packPauseImage } from "./pause";
import type { Recipe } from "./recipe";

const PULUMI = "3.259.0";
const KUBERNETES = "1.36.3";
const CONTAINERD = "2.2.0";

const KUBERNETES_COMPONENTS = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  "kubectl",
] as const satisfies readonly ToolName[];

/** Every tool comes from exactly one of these. */
export const RECIPES: readonly Recipe[] = [
  goRecipe({
    title: "Pulumi CLI",
    name: "pulumi",
    version: PULUMI,
    // In one folder: the CLI takes a language host beside it for its own, and warns about one from the PATH.
    tools: ["pulumi", "pulumi-language-nodejs"],
    builds: [
      {
        module: "pulumi",
        packages: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
        variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${PULUMI}` },
      },
      // The last release of the SDK's module that still has the host's sources; it speaks the CLI's current protocol.
      {
        module: "pulumi-language-nodejs",
        packages: ["github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"],
        variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": "v3.60.0" },
      },
    ],
    // @pulumi/pulumi 3.270 needs the engine of 3.249 or later.
    onPath: {
      executables: ["pulumi", "pulumi-language-nodejs"],
      versionArgs: ["version"],
      minimum: [3, 249, 0],
      below: [4, 0, 0],
    },
  }),
  goRecipe({
    title: "Kubernetes",
    name: "kubernetes",
    version: KUBERNETES,
    tools: KUBERNETES_COMPONENTS,
    builds: [
      {
        module: "kubernetes",
        packages: ["."],
        variables: {
          "k8s.io/component-base/version.gitVersion": `v${KUBERNETES}`,
          "k8s.io/component-base/version.gitMajor": "1",
          "k8s.io/component-base/version.gitMinor": "36",
          "k8s.io/client-go/pkg/version.gitVersion": `v${KUBERNETES}`,
        },
      },
    ],
    // The program acts as the component whose name it bears. Hard links: a resolved symbolic link would lose the name.
    finish: async (folder) => {
      for (const name of KUBERNETES_COMPONENTS) await fs.link(path.join(folder, "kubernetes"), path.join(folder, name));
    },
  }),
  goRecipe({
    title: "CSI driver for shares",
    name: "azure-file-csi",
    version: KUBERNETES,
    tools: ["azure-file-csi"],
    builds: [{ module: "kubernetes", packages: ["./azure-file-csi"] }],
  }),
  goRecipe({
    title: "crane",
    name: "crane",
    version: "0.20.6",
    tools: ["crane"],
    builds: [
      {
        module: "crane",
        packages: ["github.com/google/go-containerregistry/cmd/crane"],
        variables: { "github.com/google/go-containerregistry/cmd/crane/cmd.Version": "v0.20.6" },
      },
    ],
    onPath: { executables: ["crane"], versionArgs: ["version"], minimum: [0, 20, 0] },
  }),
  goRecipe({
    title: "containerd",
    name: "containerd",
    version: CONTAINERD,
    tools: ["containerd", "containerd-shim-runc-v2", "ctr"],
    builds: [
      {
        module: "containerd",
        packages: ["containerd", "containerd-shim-runc-v2", "ctr"].map(
          (program) => `github.com/containerd/containerd/v2/cmd/${program}`,
        ),
        variables: { "github.com/containerd/containerd/v2/version.Version": `v${CONTAINERD}` },
      },
    ],
    // Image volumes need 2.1; the configuration is written for 2.x.
    onPath: {
      executables: ["containerd", "containerd-shim-runc-v2", "ctr"],
      versionArgs: ["--version"],
      minimum: [2, 2, 0],
      below: [3, 0, 0],
    },
  }),
  goRecipe({
    title: "pause image",
    name: "pause",
    version: "1",
    tools: ["pause"],
    builds: [{ module: "pause", packages: ["."] }],
    finish: packPauseImage,
    fileOf: () => "pause.tar",
  }),
  goRecipe({
    title: "kwok",
    name: "kwok",
    version: "0.7.0",
    tools: ["kwok"],
    builds: [
      {
        module: "kwok",
        packages: ["sigs.k8s.io/kwok/cmd/kwok"],
        variables: { "sigs.k8s.io/kwok/pkg/consts.Version": "v0.7.0" },
      },
    ],
    onPath: { executables: ["kwok"], versionArgs: ["--version"], minimum: [0, 7, 0] },
  }),
  // Enforces network policies, which no node here does by itself; wanted by the tests of them alone.
  goRecipe({
    title: "kube-router's policy controller",
    name: "kube-router",
    version: "2.1.0",
    tools: ["kube-router"],
    builds: [{ module: "kube-router", packages: ["."] }],
  }),
  unpackedRecipe({
    tool: "etcd",
    debianPackage: "etcd-server",
    file: "usr/bin/etcd",
    existing: { executables: ["etcd"], versionArgs: ["--version"], minimum: [3, 4, 0] },
  }),
  unpackedRecipe({
    tool: "docker-registry",
    debianPackage: "docker-registry",
    file: "usr/bin/docker-registry",
    existing: { executables: ["docker-registry"], versionArgs: ["--version"], minimum: [2, 8, 0], below: [3, 0, 0] },
  }),
  unpackedRecipe({
    tool: "runc",
    debianPackage: "runc",
    file: "usr/sbin/runc",
    existing: { executables: ["runc"], versionArgs: ["--version"], minimum: [1, 1, 0] },
  }),
  unpackedRecipe({
    tool: "cni-plugins",
    debianPackage: "containernetworking-plugins",
    file: "usr/lib/cni",
    existing: existingCniPlugins,
  }),
  installedRecipe("iptables", "iptables"),
  installedRecipe("ipset", "ipset"),
  installedRecipe("conntrack", "conntrack"),
  installedRecipe("debootstrap", "debootstrap"),
  installedRecipe("ip", "iproute2"),
  installedRecipe("openssl", "openssl"),
  installedRecipe("skopeo", "skopeo"),
];
