/** What an ephemeral operating system disk takes. */
export const OS_DISK_GIB = 128;

/** "d" says that a size has a local disk: https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions */
const SIZE = /^Standard_([A-Z]+)(\d+)(?:-\d+)?([a-z]*)(?:_.*)?_v(\d+)$/;
/** GiB per vCPU of the local disk of D and E sizes: https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/ddsv5-series */
const LOCAL_GIB_PER_VCPU = 37.5;

/** Whether the nodes' operating system surely fits on the local disk; what is not known is no. */
export function fitsLocalDisk(vmSize: string): boolean {
  const [, family = "", vcpus = "0", features = "", version = ""] = SIZE.exec(vmSize) ?? [];
  return ["D", "E"].includes(family) && version === "5" && features.includes("d") && Number(vcpus) * LOCAL_GIB_PER_VCPU >= OS_DISK_GIB;
}

/** Whether a size surely has no local disk: from version 5 on, D and E sizes without the "d" have none. */
export function lacksLocalDisk(vmSize: string): boolean {
  const [, family = "", , features = "", version = "0"] = SIZE.exec(vmSize) ?? [];
  return ["D", "E"].includes(family) && Number(version) >= 5 && !features.includes("d");
}
