/** A signature as the user asked to have it: the result on stdout, what to mind on stderr. */
import type { SignedRequest } from "../protocol/messages.ts";
import type { Report, Runtime } from "../runtime.ts";
import type { SignedForm } from "../signing/signer.ts";
import { keyDefect } from "../signing/url-defects.ts";
import { curlFormLine, curlLine } from "./curl-line.ts";
import type { PresignOptions, PresignTarget } from "./presign.ts";

interface Common {
  readonly bucket: string | undefined;
  readonly key: string;
  /** The file that the signature is bound to. */
  readonly file: string | undefined;
  /** Undefined where the user could not ask for a life. */
  readonly askedSeconds: number | undefined;
}

export type Presigned =
  | (Common & { readonly kind: "request"; readonly request: SignedRequest })
  | (Common & {
      readonly kind: "form";
      readonly form: SignedForm;
      readonly minSize: number;
      readonly maxSize: number;
    })
  | (Common & { readonly kind: "manifest"; readonly manifest: object; readonly expiresIn: number });

export function writePresigned(
  presigned: Presigned,
  { format, target }: Pick<PresignOptions, "format" | "target">,
  runtime: Runtime,
  report: Report,
): void {
  warnWhenCut(presigned, target.via, report);
  for (const message of looseEnds(presigned)) report.emit({ type: "warning", message });
  if (presigned.kind === "manifest") {
    runtime.stdout.write(`${JSON.stringify(presigned.manifest, undefined, 1)}\n`);
    return;
  }
  if (format === "json") {
    runtime.json(jsonOf(presigned, runtime.now()));
    return;
  }
  const fileName = presigned.file ?? presigned.key.split("/").at(-1) ?? "file";
  if (presigned.kind === "form") {
    runtime.stdout.write(`${curlFormLine(presigned.form, fileName)}\n`);
    return;
  }
  const { request } = presigned;
  if (format === "curl") {
    runtime.stdout.write(`${curlLine(request, fileName)}\n`);
    return;
  }
  runtime.stdout.write(`${request.url}\n`);
  report.emit({
    type: "must-send",
    method: request.method,
    headers: {
      ...(request.contentLength === undefined ? {} : { "content-length": String(request.contentLength) }),
      ...request.headers,
    },
  });
}

function warnWhenCut(presigned: Presigned, by: PresignTarget["via"], report: Report): void {
  const { askedSeconds } = presigned;
  const givenSeconds = lifeOf(presigned);
  if (askedSeconds !== undefined && givenSeconds < askedSeconds) {
    report.emit({ type: "life-cut", askedSeconds, givenSeconds, by });
  }
}

/** What whoever holds the signature may choose, and what gets lost on the way. */
function looseEnds(presigned: Presigned): readonly string[] {
  const key = keyDefect(presigned.key)?.message;
  return [presigned.kind === "request" ? unboundText(presigned.request) : undefined, key].filter(
    (text) => text !== undefined,
  );
}

function unboundText({ method, headers, contentLength }: SignedRequest): string | undefined {
  if (method !== "PUT") return undefined;
  const free = [
    ...(headers["content-type"] === undefined ? ["type"] : []),
    ...(contentLength === undefined ? ["size"] : []),
  ];
  if (free.length === 0) return undefined;
  const options = free.map((what) => (what === "type" ? "--content-type" : "--content-length"));
  return `The URL takes any ${free.join(" and any ")}${free.length === 1 ? ": bind it" : ": bind them"} with --file, or with ${options.join(" and ")}.`;
}

function lifeOf(presigned: Presigned): number {
  if (presigned.kind === "manifest") return presigned.expiresIn;
  return presigned.kind === "form" ? presigned.form.expiresIn : presigned.request.expiresIn;
}

function jsonOf(presigned: Exclude<Presigned, { readonly kind: "manifest" }>, now: Date) {
  const { bucket, key } = presigned;
  const expiresIn = lifeOf(presigned);
  const life = { expiresIn, expiresAt: new Date(now.getTime() + expiresIn * 1000).toISOString() };
  if (presigned.kind === "form") {
    const { form, minSize, maxSize } = presigned;
    const { url, fields } = form;
    return {
      type: "presigned",
      method: "POST",
      url,
      fields,
      fileField: "file",
      minSize,
      maxSize,
      bucket,
      key,
      ...life,
    };
  }
  const { method, url, headers, contentLength } = presigned.request;
  return { type: "presigned", method, url, headers, contentLength, bucket, key, ...life };
}
