import * as pulumi from "@pulumi/pulumi";
import { type Problem, refuse } from "./plan/refuse";

/** A value that is known only when its own resource exists is held to the same rule then. */
export function checked(subject: string, given: pulumi.Input<string>, problems: (known: string) => readonly Problem[]): pulumi.Input<string> {
  return typeof given === "string" ? given : pulumi.output(given).apply(held(subject, problems));
}

/** Lets a value through that has no problems, and ends the program for any other. */
export function held(subject: string, problems: (known: string) => readonly Problem[]): (known: string) => string {
  return (known) => {
    refuse(subject, problems(known));
    return known;
  };
}
