export { sandboxEnvironment } from "../environment";
export { sandboxDown, sandboxReset } from "./down";
export { type SandboxStatus, sandboxStatus } from "./status";
export { type Sandbox, sandboxUp, type SandboxUpOptions } from "./up";
