import { PolicyPack } from "@pulumi/policy";
import { policies } from "./policies";

new PolicyPack("aks-fine-tuning", { policies: policies() });
