import { HttpRequest } from "@smithy/core/protocols";
import type { MiddlewareStack } from "@smithy/types";

/**
 * Sends `headers` with a command as they stand, so that a presigned PUT, a stream and a multipart upload take the
 * object's options from one place (`signing/upload-headers.ts`). They are added before the signature and are part of it.
 */
export function sendHeaders(
  command: { readonly middlewareStack: unknown },
  headers: Readonly<Record<string, string>> | undefined,
): void {
  if (headers === undefined) return;
  // Each command types its stack after itself; what is added here looks at the request alone.
  const stack = command.middlewareStack as MiddlewareStack<object, object>;
  stack.add(
    (next) => (args) => {
      if (HttpRequest.isInstance(args.request)) Object.assign(args.request.headers, headers);
      return next(args);
    },
    { step: "build", name: "s3upObjectHeaders" },
  );
}
