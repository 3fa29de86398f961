import { GPU_SIZES, type GpuFamily, type GpuSize, type GpuSizeFacts } from "../../catalogue/gpu-sizes";

/** How fast the GPUs of a run reach each other and their host. */
export interface Interconnect {
  /** From one GPU to the others of its node, in GB per second and direction. */
  readonly insideGBps: number;
  /** From one node to the others over all its network cards together, in GB per second and direction. */
  readonly betweenGBps: number;
  /** From one GPU to host memory, in GB per second and direction. */
  readonly hostGBps: number;
}

interface Links {
  /** PCI Express of one GPU, in GB per second and direction. */
  readonly pciGBps: number;
  /** NVLink between two cards of a pair, in GB per second and direction; absent where cards have none. */
  readonly pairGBps?: number;
  /** NVSwitch and InfiniBand of one GPU in sizes that have both, in GB per second and direction. */
  readonly switched?: { readonly insideGBps: number; readonly betweenGBps: number };
  /** Ethernet of a node per GPU, in Gbit per second. */
  readonly ethernetGbps: number;
}

/** What NCCL makes of a link: 380 of 450 GB/s were seen between H100s (NVIDIA/nccl#1264), less with small messages. */
const ATTAINED = 0.8;
/** Part of it that is left where cards do not see each other and exchange through host memory, there and back. */
const THROUGH_HOST = 0.5;

/**
 * PCI Express 3, 4 and 5 with 16 lanes; NVLink bridges join pairs of PCIe cards, NVSwitch all eight cards of an ND node, with a network card of 200 or
 * 400 Gbit/s each: NVIDIA's data sheets. Ethernet: the network tables of the sizes' pages, https://learn.microsoft.com/azure/virtual-machines/sizes/overview
 */
const LINKS: Readonly<Record<GpuFamily, Links>> = {
  T4: { pciGBps: 16, ethernetGbps: 8 },
  A10: { pciGBps: 32, ethernetGbps: 40 },
  A100: { pciGBps: 32, pairGBps: 300, switched: { insideGBps: 300, betweenGBps: 25 }, ethernetGbps: 20 },
  H100: { pciGBps: 64, pairGBps: 300, switched: { insideGBps: 450, betweenGBps: 50 }, ethernetGbps: 40 },
  H200: { pciGBps: 64, switched: { insideGBps: 450, betweenGBps: 50 }, ethernetGbps: 10 },
};

/** What nodes of a size offer when `gpusPerNode` of their GPUs take part. */
export function interconnectOf(size: GpuSize, gpusPerNode: number): Interconnect {
  const { family, infiniBand, share = 1 }: GpuSizeFacts = GPU_SIZES[size];
  const { pciGBps, pairGBps, switched, ethernetGbps } = LINKS[family];
  const hostGBps = ATTAINED * pciGBps * share;
  if (infiniBand && switched) {
    return { insideGBps: ATTAINED * switched.insideGBps, betweenGBps: ATTAINED * switched.betweenGBps * gpusPerNode, hostGBps };
  }
  // The slowest hop of a ring sets its pace: with more than one pair that is PCI Express.
  const insideGBps = gpusPerNode === 2 && pairGBps !== undefined ? ATTAINED * pairGBps : THROUGH_HOST * hostGBps;
  return { insideGBps, betweenGBps: (ATTAINED * ethernetGbps * share * gpusPerNode) / 8, hostGBps };
}
