import type { ReceivedRequest } from "./received-request.ts";
import type { AuthenticationContext, Caller } from "./signature.ts";
import type { BodyExpectations, VerifiedBody } from "./verified-body.ts";

/** A browser's form, found to be what its policy allows; the file is still on its way. */
export interface FormUpload {
  readonly caller: Caller;
  /** `${filename}` already replaced. */
  readonly key: string;
  /** Every field before the file; lower-case names. */
  readonly fields: ReadonlyMap<string, string>;
  /** The last segment of the name that the browser gave; empty when it gave none. */
  readonly fileName: string;
  /** Limited by `content-length-range`. */
  readonly file: VerifiedBody;
  /** 200, 201 or 204: what `success_action_status` asked for, else 204. */
  readonly successStatus: 200 | 201 | 204;
  readonly successRedirect: string | undefined;
}

/** Reads the form up to its file. @throws S3Error */
export declare function receiveForm(
  request: ReceivedRequest,
  bucket: string,
  context: AuthenticationContext,
  expectations?: Pick<BodyExpectations, "also" | "maxSize">,
): Promise<FormUpload>;
