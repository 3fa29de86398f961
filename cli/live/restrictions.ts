/** https://learn.microsoft.com/rest/api/compute/resource-skus/list#resourceskurestrictionsreasoncode */
const REASONS: ReadonlyMap<string, string> = new Map([
  ["NotAvailableForSubscription", "it is closed to this subscription"],
  ["QuotaId", "offers of this kind of subscription do not include it"],
]);

/** Why a subscription may not use a size, in words where Azure's code is a known one. */
export function restrictionInWords(reasonCode: string): string {
  return REASONS.get(reasonCode) ?? reasonCode;
}
