import { itHolds } from "./expectations";
import { network } from "./subjects/network";

itHolds("Network", network);
