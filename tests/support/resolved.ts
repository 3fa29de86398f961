import * as pulumi from "@pulumi/pulumi";

/** The value of an output once it is known, to be awaited before anything is expected of it. */
export function resolved<T>(input: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => {
    pulumi.output(input).apply(resolve);
  });
}
