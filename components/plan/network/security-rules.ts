/** One rule of a network security group, in the words of Azure's API. */
export interface SecurityRule {
  readonly name: string;
  readonly description: string;
  readonly priority: number;
  readonly direction: "Inbound" | "Outbound";
  readonly access: "Allow" | "Deny";
  readonly protocol: "Tcp" | "*";
  readonly sourceAddressPrefix?: string;
  readonly sourceAddressPrefixes?: readonly string[];
  readonly sourcePortRange: "*";
  readonly destinationAddressPrefix?: string;
  readonly destinationAddressPrefixes?: readonly string[];
  readonly destinationPortRange?: "*";
  readonly destinationPortRanges?: readonly string[];
}

/**
 * Azure's own last rules admit the network and load balancers and drop the rest. Packets between pods of two nodes are not encapsulated
 * and their addresses are outside the network, so they need a rule:
 * https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay#network-security-groups
 */
export function nodeRules(nodeRange: string, podRange: string): readonly SecurityRule[] {
  return [
    {
      name: "cluster",
      description: "Nodes and pods among each other",
      priority: 100,
      direction: "Inbound",
      access: "Allow",
      protocol: "*",
      sourceAddressPrefixes: [nodeRange, podRange],
      sourcePortRange: "*",
      destinationAddressPrefixes: [nodeRange, podRange],
      destinationPortRange: "*",
    },
  ];
}

/** HTTPS and NFS from this network and its peers, and nothing else. */
export function endpointRules(range: string): readonly SecurityRule[] {
  const common = { direction: "Inbound", sourcePortRange: "*", destinationAddressPrefix: range } as const;
  return [
    {
      ...common,
      name: "clients",
      description: "HTTPS and NFS from this network and its peers",
      priority: 100,
      access: "Allow",
      protocol: "Tcp",
      sourceAddressPrefix: "VirtualNetwork",
      destinationPortRanges: ["443", "2049"],
    },
    {
      ...common,
      name: "nothing-else",
      description: "No other port",
      priority: 4000,
      access: "Deny",
      protocol: "*",
      sourceAddressPrefix: "*",
      destinationPortRange: "*",
    },
  ];
}
