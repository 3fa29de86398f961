import { itHolds } from "./expectations";
import { team } from "./subjects/team";

itHolds("Team", team);
