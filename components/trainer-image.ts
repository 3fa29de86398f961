import * as path from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { planTrainerImage } from "./plan/trainer-image";
import type { RegistryRef } from "./registry";

/** The program that tunes. An existing image is an object literal. */
export interface TrainerRef {
  /** Reference by digest. */
  readonly image: pulumi.Input<string>;
}

/** Arguments of a TrainerImage. */
export type TrainerImageArgs =
  | {
      /** Reference by digest of a ready image. Plain: it is checked before anything is registered. */
      readonly image: string;
    }
  | {
      /** Registry that the image is pushed to after it was built here, with Docker. */
      readonly registry: RegistryRef;
      /** Folder with the Dockerfile, as a path from the project's folder. @default - the trainer of this package */
      readonly context?: string;
    };

/**
 * The trainer as an image: a ready one by digest, or built from this package's `images/trainer`.
 *
 * The image is lineage, not identity: another one retrains nothing. A build takes the Docker daemon of whoever runs `pulumi up`, pushes
 * under `trainer` with the rights of its Docker configuration, and never happens during a preview; a private registry is pushed to from inside
 * its network only. Costs the registry's storage.
 *
 * @example
 * const trainer = new TrainerImage("trainer", { image: "mlreg.azurecr.io/trainer@sha256:…" });
 */
export class TrainerImage extends pulumi.ComponentResource implements TrainerRef {
  readonly image: pulumi.Output<string>;

  constructor(name: string, args: TrainerImageArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planTrainerImage<RegistryRef>(name, args);
    super("aks-fine-tuning:index:TrainerImage", name, {}, opts);

    if (plan.kind === "ready") {
      this.image = pulumi.output(plan.image);
    } else {
      const { context, registry } = plan;
      const built = new docker.Image(
        name,
        {
          imageName: pulumi.interpolate`${registry.loginServer}/trainer`,
          build: { context, dockerfile: path.join(context, "Dockerfile"), platform: "linux/amd64" },
        },
        { parent: this },
      );
      this.image = built.repoDigest;
    }
    this.registerOutputs({ image: this.image });
  }
}
