import type { GpuPrices } from "../prices";

/**
 * Linux prices of the catalogue's sizes by region, in USD per hour, each with the day on which it was read and where.
 *
 * Written by `npm run prices:refresh`, which asks https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices and
 * keeps what it is not told anew. A price without a date comes from a source that has none.
 */
export const CATALOGUE_PRICES = {
  Standard_NC4as_T4_v3: {
    eastus: {
      Regular: { usdPerHour: 0.526, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
      Spot: { usdPerHour: 0.062699, source: "skypilot-org/skypilot-catalog" },
    },
  },
  Standard_NC8as_T4_v3: {
    eastus: {
      Regular: { usdPerHour: 0.752, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
      Spot: { usdPerHour: 0.089638, source: "skypilot-org/skypilot-catalog" },
    },
  },
  Standard_NC16as_T4_v3: {
    eastus: {
      Regular: { usdPerHour: 1.204, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
      Spot: { usdPerHour: 0.143517, source: "skypilot-org/skypilot-catalog" },
    },
  },
  Standard_NC64as_T4_v3: {
    eastus: {
      Regular: { usdPerHour: 4.352, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
      Spot: { usdPerHour: 0.518758, source: "skypilot-org/skypilot-catalog" },
    },
  },
  Standard_NV6ads_A10_v5: {
    eastus: {
      Regular: { usdPerHour: 0.454, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
    },
  },
  Standard_NV12ads_A10_v5: {
    centralus: {
      Spot: { usdPerHour: 0.167798, date: "2026-11-18", source: "huggingface.co/datasets/ComputeTicks/gpu-cloud-prices" },
    },
    eastus: {
      Regular: { usdPerHour: 0.908, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
    },
  },
  Standard_NV18ads_A10_v5: {
    eastus: {
      Regular: { usdPerHour: 1.6, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
    },
  },
  Standard_NV36ads_A10_v5: {
    eastus: {
      Regular: { usdPerHour: 3.2, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
      Spot: { usdPerHour: 0.8, source: "skypilot-org/skypilot-catalog" },
    },
  },
  Standard_NV36adms_A10_v5: {
    eastus: {
      Regular: { usdPerHour: 4.52, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
      Spot: { usdPerHour: 1.13, source: "skypilot-org/skypilot-catalog" },
    },
  },
  Standard_NV72ads_A10_v5: {
    eastus: {
      Regular: { usdPerHour: 6.52, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
      Spot: { usdPerHour: 1.63, source: "skypilot-org/skypilot-catalog" },
    },
  },
  Standard_NC8ads_A10_v4: {
    westus3: {
      Regular: { usdPerHour: 1.1, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
    },
  },
  Standard_NC16ads_A10_v4: {
    westus3: {
      Regular: { usdPerHour: 2.2, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
    },
  },
  Standard_NC32ads_A10_v4: {
    westus3: {
      Regular: { usdPerHour: 4.4, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
    },
  },
  Standard_NC24ads_A100_v4: {
    eastus: {
      Regular: { usdPerHour: 3.673, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
      Spot: { usdPerHour: 0.444433, source: "skypilot-org/skypilot-catalog" },
    },
  },
  Standard_NC48ads_A100_v4: {
    eastus: {
      Regular: { usdPerHour: 7.346, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
      Spot: { usdPerHour: 0.888866, source: "skypilot-org/skypilot-catalog" },
    },
  },
  Standard_NC96ads_A100_v4: {
    eastus: {
      Regular: { usdPerHour: 14.692, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
      Spot: { usdPerHour: 1.777732, source: "skypilot-org/skypilot-catalog" },
    },
  },
  Standard_ND96asr_v4: {
    eastus: {
      Regular: { usdPerHour: 27.197, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
      Spot: { usdPerHour: 2.99167, source: "skypilot-org/skypilot-catalog" },
    },
  },
  Standard_ND96amsr_A100_v4: {
    eastus: {
      Regular: { usdPerHour: 32.77, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
      Spot: { usdPerHour: 3.6047, source: "skypilot-org/skypilot-catalog" },
    },
  },
  Standard_NC40ads_H100_v5: {
    eastus: {
      Regular: { usdPerHour: 6.98, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
    },
  },
  Standard_NC80adis_H100_v5: {
    eastus: {
      Regular: { usdPerHour: 13.96, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
    },
  },
  Standard_NCC40ads_H100_v5: {
    eastus2: {
      Regular: { usdPerHour: 8.82, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
      Spot: { usdPerHour: 1.745, source: "skypilot-org/skypilot-catalog" },
    },
  },
  Standard_ND96isr_H100_v5: {
    eastus: {
      Regular: { usdPerHour: 98.32, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
    },
  },
  Standard_ND96isr_H200_v5: {
    eastus2: {
      Regular: { usdPerHour: 84.8, date: "2026-06-18", source: "Azure Retail Prices API, in Azure/karpenter-provider-azure" },
    },
  },
} as const satisfies GpuPrices;
