/** What the host says of its page: `config.json` beside it, read at each visit, so that nothing has to be built for it. */
import * as v from "valibot";
import { S3upError } from "../errors.ts";

const schema = v.object({
  /** Address of the presign endpoint; may be relative to the page. */
  endpoint: v.pipe(v.string(), v.minLength(1)),
  title: v.optional(v.pipe(v.string(), v.maxLength(80))),
  /** One more link at the foot of the page, such as to a privacy notice. */
  link: v.optional(v.object({ text: v.pipe(v.string(), v.maxLength(80)), href: v.string() })),
});

export interface PageConfig {
  readonly endpoint: string;
  readonly title: string | undefined;
  readonly link: { readonly text: string; readonly href: string } | undefined;
}

/**
 * @param base address of the page
 * @throws S3upError CONFIG_INVALID
 */
export function readPageConfig(text: string, base: string): PageConfig {
  const parsed = v.safeParse(schema, parseJson(text));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw invalid(`${v.getDotPath(issue) ?? "the file"}: ${issue.message}.`);
  }
  const { endpoint, title, link } = parsed.output;
  return {
    endpoint: absolute(endpoint, base, "endpoint"),
    title,
    link: link === undefined ? undefined : { text: link.text, href: absolute(link.href, base, "link.href") },
  };
}

/** Only of the web: a link such as `javascript:…` would run in the page's name. */
function absolute(address: string, base: string, member: string): string {
  const url = URL.canParse(address, base) ? new URL(address, base) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw invalid(`${member} is no web address.`);
  return url.href;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function invalid(why: string): S3upError {
  return new S3upError("CONFIG_INVALID", "This page is not set up correctly.", { why: `config.json: ${why}` });
}
