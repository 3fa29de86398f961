import { runCommand } from "./command";
import { accuracyCommand } from "./memory/command";

runCommand(accuracyCommand);
