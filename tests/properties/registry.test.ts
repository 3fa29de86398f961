import { itHolds } from "./expectations";
import { registry } from "./subjects/registry";

itHolds("Registry", registry);
