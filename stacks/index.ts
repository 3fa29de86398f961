import * as pulumi from "@pulumi/pulumi";
import { deploy } from "./deploy";
import { readSettings } from "./settings";

/**
 * The only file with side effects: reads the stack's configuration and registers what it holds. A function, which Pulumi awaits: a stack of
 * workloads alone reads the platform of another stack before it decides anything.
 */
export = () => deploy(readSettings(new pulumi.Config()));
