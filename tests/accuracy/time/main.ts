import { runCommand } from "../command";
import { timeCommand } from "./command";

runCommand(timeCommand);
