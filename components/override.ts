/** A caller's last word on one child resource: takes our arguments, returns the ones to register. */
export type Override<Args> = (args: Args) => Args;

export function withOverride<Args>(override: Override<Args> | undefined, args: Args): Args {
  return override ? override(args) : args;
}
