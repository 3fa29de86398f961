/**
 * What a component is for, which decides its defaults where security and cost pull apart. Each default can be overridden by itself;
 * `development` is the one loosening that moves them all, and it stands in the program or the stack's file that chose it.
 */
export const ENVIRONMENTS = ["production", "development"] as const;
/**
 * What a component is for: the strict defaults, or the loose and cheap ones.
 * @useDeclaredType
 */
export type Environment = (typeof ENVIRONMENTS)[number];

/** Nobody should have to ask for the safe one. */
export const DEFAULT_ENVIRONMENT: Environment = "production";
