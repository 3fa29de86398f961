/** This machine cannot build the sandbox's images; callers that can do without catch it. */
export class ImagesUnavailable extends Error {
  constructor(readonly reason: string) {
    super(`the sandbox's images cannot be built here: ${reason}`);
    this.name = "ImagesUnavailable";
  }
}
