import * as pulumi from "@pulumi/pulumi";

/** What was told already: a program has many pools and runs of one kind, and its reader one pair of eyes. */
const told = new Set<string>();

/** Tells something of a resource to whoever watches `pulumi preview` or `up`, once in a program. */
export function tellOnce(text: string | undefined, about: pulumi.Resource): void {
  if (text === undefined || told.has(text)) return;
  told.add(text);
  void pulumi.log.info(text, about);
}
