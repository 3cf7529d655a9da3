import type { CreateMultipartUploadCommand } from "@aws-sdk/client-s3";
import { HttpRequest } from "@smithy/core/protocols";

/**
 * Sends `headers` with a create as they stand, so that a presigned PUT and a multipart upload take the object's options
 * from one place (`signing/upload-headers.ts`). They are added before the signature and are part of it.
 */
export function sendHeaders(command: CreateMultipartUploadCommand, headers: Readonly<Record<string, string>>): void {
  command.middlewareStack.add(
    (next) => (args) => {
      if (HttpRequest.isInstance(args.request)) Object.assign(args.request.headers, headers);
      return next(args);
    },
    { step: "build", name: "s3upObjectHeaders" },
  );
}
