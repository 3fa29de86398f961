import { GPU_SIZE_NAMES, GPU_SIZES, type GpuSize, type GpuSizeFacts } from "./gpu-sizes";

/**
 * Sizes that KAITO's table spells otherwise than Azure, which sells none of that name: neither spelling gets a node.
 * https://github.com/kaito-project/kaito/blob/v0.12.0/pkg/sku/azure_sku_handler.go
 */
export const KAITO_MISSPELT_SIZES: Readonly<Partial<Record<GpuSize, string>>> = { Standard_ND96asr_v4: "Standard_ND96asr_A100_v4" };

/** Sizes whose nodes KAITO can buy: those in its table of Azure's, under Azure's own name. */
export const KAITO_SIZES: readonly GpuSize[] = GPU_SIZE_NAMES.filter((size) => GPU_SIZES[size].kaito && KAITO_MISSPELT_SIZES[size] === undefined);

/** The same until July 2026 (kaito-project/kaito#2185), when cards below compute capability 8.0 left the table: T4s were in it. */
export const KAITO_SIZES_WITH_T4: readonly GpuSize[] = GPU_SIZE_NAMES.filter((size) => KAITO_SIZES.includes(size) || isWholeT4(GPU_SIZES[size]));

function isWholeT4({ family, share }: GpuSizeFacts): boolean {
  return family === "T4" && share === undefined;
}
