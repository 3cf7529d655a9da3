/** The token of an upload behind a presign endpoint, which lives for a day or so and can be made anew. */
import { S3upError } from "../errors.ts";
import { problemIn } from "./endpoint-errors.ts";
import type { BegunUpload } from "./endpoint-session.ts";

export interface UploadToken {
  current(): string;
  /**
   * Calls with the token, and once more with a new one when the endpoint refuses it.
   * @throws S3upError URL_EXPIRED when there is no other token for this upload
   */
  use<T>(signal: AbortSignal, call: (token: string) => Promise<T>): Promise<T>;
}

/** Too old, of a key that is no more, or given to somebody who is now signed in as another. */
const refusedTokens: ReadonlySet<string | undefined> = new Set([
  "token_expired",
  "invalid_token",
  "token_subject_mismatch",
]);

export function createUploadToken({ upload, renew }: Pick<BegunUpload, "upload" | "renew">): UploadToken {
  const { uploadId } = upload;
  let token = upload.uploadToken;
  let renewing: Promise<void> | undefined;

  /** All who were refused at the same time wait for the same one. */
  function renewed(refused: string, error: unknown, signal: AbortSignal): Promise<void> {
    if (token !== refused) return Promise.resolve();
    renewing ??= askAgain(error, signal).finally(() => {
      renewing = undefined;
    });
    return renewing;
  }

  async function askAgain(error: unknown, signal: AbortSignal): Promise<void> {
    const answer = await renew?.(signal).catch((reason: unknown) => {
      // Such as upload_completed: the endpoint knows the upload, and has no token for it any more.
      if (problemIn(reason) === undefined) throw reason;
      return undefined;
    });
    if (answer?.uploadId !== uploadId) throw refusedForGood(error);
    token = answer.uploadToken;
  }

  return {
    current: () => token,
    async use(signal, call) {
      const mine = token;
      try {
        return await call(mine);
      } catch (error) {
        if (!refusedTokens.has(problemIn(error))) throw error;
        await renewed(mine, error, signal);
        return call(token);
      }
    },
  };
}

function refusedForGood(error: unknown): unknown {
  if (!(error instanceof S3upError)) return error;
  const { message, why = "", hint = "", cause } = error;
  return new S3upError("URL_EXPIRED", message, { why, hint, cause });
}
