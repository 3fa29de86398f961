/** Nobody is signed in; the message says why, `fix` what to do. */
export class LoginError extends Error {
  constructor(
    message: string,
    readonly fix: string,
  ) {
    super(message);
  }
}
