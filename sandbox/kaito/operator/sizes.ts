/** Azure sizes that KAITO knows, with their GPUs; others it admits by their first letters and then fails at: https://github.com/kaito-project/kaito/blob/v0.12.0/pkg/sku/azure_sku_handler.go */
const SIZES: Readonly<Record<string, number>> = {
  Standard_NV36ads_A10_v5: 1,
  Standard_NV72ads_A10_v5: 2,
  Standard_NC24ads_A100_v4: 1,
  Standard_NC48ads_A100_v4: 2,
  Standard_NC96ads_A100_v4: 4,
  Standard_ND96asr_A100_v4: 8,
  Standard_ND96amsr_A100_v4: 8,
  Standard_NC40ads_H100_v5: 1,
  Standard_NC80adis_H100_v5: 2,
  Standard_NCC40ads_H100_v5: 1,
  Standard_ND96isr_H100_v5: 8,
  Standard_ND96isr_H200_v5: 8,
  Standard_NG32ads_V620_v1: 1,
  Standard_NG32adms_V620_v1: 1,
};

/** Dropped after 0.6: https://github.com/kaito-project/kaito/pull/2185 */
const OLD_SIZES: Readonly<Record<string, number>> = {
  Standard_NC6s_v3: 1,
  Standard_NC12s_v3: 2,
  Standard_NC24s_v3: 4,
  Standard_NC4as_T4_v3: 1,
  Standard_NC8as_T4_v3: 1,
  Standard_NC16as_T4_v3: 1,
  Standard_NC64as_T4_v3: 4,
};

export function gpusOf(instanceType: string | undefined, version: string): number | undefined {
  const known = version === "0.6" ? { ...SIZES, ...OLD_SIZES } : SIZES;
  return Object.entries(known).find(([name]) => name.toLowerCase() === instanceType?.toLowerCase())?.[1];
}
