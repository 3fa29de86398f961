import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { stageBuildContext } from "./build-context";
import { type DatasetImageDecisions, type DatasetSource, planDatasetImage } from "./plan/dataset-image";
import type { RegistryRef } from "./registry";

/** What a run trains on. An existing image is an object literal. */
export interface DatasetRef {
  /** Hash of the rows, which makes the run's identity. Plain: it names objects in a preview. */
  readonly contentKey: string;
  /** Number of rows, where it is known. */
  readonly rows?: number;
  /** Reference by digest. */
  readonly image: pulumi.Input<string>;
}

/** Arguments of a DatasetImage. */
export type DatasetImageArgs = DatasetSource &
  DatasetImageDecisions & {
    /** Registry that the image is pushed to; a ready image stays where it is. */
    readonly registry: RegistryRef;
  };

/**
 * Training rows as an image in a private registry: checked, canonical, pinned by digest.
 *
 * Creates one image from scratch with the rows in `/data/train.jsonl`, KAITO's place for them. Push rights come from the Docker
 * configuration of whoever runs `pulumi up`, after `az acr login`; a role to push under the repository's prefix is `pushedBy` of `Registry`.
 * A private registry refuses a push from outside its network with 403: run `pulumi up` inside it, list your address in `allowedIpRanges`, or
 * give a ready image. Between stacks, pass on `image` and `contentKey`, which is plain. Costs the registry's storage.
 *
 * @example
 * const data = new DatasetImage("tickets", { registry: datasets, file: "data/tickets.jsonl" });
 *
 * @example
 * // An image that another stack has built: its digest is the content key.
 * const { value: image } = await platform.getOutputDetails("datasetImage");
 * const data = new DatasetImage("tickets", { registry: datasets, image });
 */
export class DatasetImage extends pulumi.ComponentResource implements DatasetRef {
  readonly contentKey: string;
  readonly rows: number | undefined;
  readonly image: pulumi.Output<string>;

  constructor(name: string, args: DatasetImageArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planDatasetImage(name, args);
    const { contentKey, rows } = plan;
    super("aks-fine-tuning:index:DatasetImage", name, { contentKey, rows }, opts);

    this.contentKey = contentKey;
    this.rows = rows;
    if (plan.kind === "ready") {
      this.image = pulumi.output(plan.image);
    } else {
      const context = stageBuildContext("datasets", contentKey, { "data/train.jsonl": plan.jsonl });
      const built = new docker.Image(
        name,
        {
          imageName: pulumi.interpolate`${args.registry.loginServer}/${plan.repository}:${contentKey}`,
          build: { context, dockerfile: `${context}/Dockerfile`, platform: "linux/amd64" },
        },
        { parent: this },
      );
      this.image = built.repoDigest;
    }
    this.registerOutputs({ image: this.image });
  }
}
