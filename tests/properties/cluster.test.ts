import { itHolds } from "./expectations";
import { cluster } from "./subjects/cluster";

itHolds("Cluster", cluster);
