/** Words that name what is audited -> what it is. */
import { InvalidArgumentError } from "commander";
import { S3upError } from "../errors.ts";

export type AuditTargets =
  | { readonly kind: "buckets"; readonly names: readonly string[] }
  | { readonly kind: "all" }
  /** The buckets of a file, or those of them that are named. */
  | { readonly kind: "snapshot"; readonly path: string; readonly names: readonly string[] }
  /** All buckets of Terraform plans or states. */
  | { readonly kind: "plan"; readonly paths: readonly string[] }
  /** Live buckets beside what the plans have of them. */
  | { readonly kind: "drift"; readonly paths: readonly string[]; readonly names: readonly string[] }
  /** Nothing but the presign endpoint. */
  | { readonly kind: "endpoint" };

interface TargetFlags {
  readonly all?: boolean;
  readonly snapshot?: string;
  readonly plan?: readonly string[];
  readonly endpoint?: string;
}

/**
 * @param must whether there has to be something to audit
 * @throws S3upError USAGE
 */
export function chooseTargets(
  names: readonly string[],
  { all, snapshot, plan, endpoint }: TargetFlags,
  must: boolean,
): AuditTargets {
  if (all && names.length > 0) throw tooMuch(`--all and the bucket ${names[0]}`, "--all means every bucket already.");
  if (all && snapshot !== undefined) throw tooMuch("--all and --snapshot", "A snapshot has the buckets that it has.");
  if (all && plan !== undefined) throw tooMuch("--all and --plan", "A plan has the buckets that it has.");
  if (snapshot !== undefined && plan !== undefined) throw tooMuch("--snapshot and --plan", "Both say what is audited.");
  if (plan !== undefined) {
    const kind = names.length > 0 ? "drift" : "plan";
    return kind === "plan" ? { kind, paths: plan } : { kind, paths: plan, names: [...new Set(names)] };
  }
  if (all) return { kind: "all" };
  if (snapshot !== undefined) return { kind: "snapshot", path: snapshot, names };
  if (names.length > 0) return { kind: "buckets", names: [...new Set(names)] };
  if (endpoint !== undefined) return { kind: "endpoint" };
  if (!must) return { kind: "buckets", names: [] };
  throw new S3upError("USAGE", "s3up audit needs a bucket.", {
    why: "The command line names nothing to audit.",
    hint: "Name one or more, or use --all, --plan <file>, --snapshot <file> or --endpoint <url>. See s3up audit --help.",
  });
}

/** A name, `s3://name` or the ARN of a bucket -> the name. */
export function parseBucket(text: string, earlier: readonly string[] = []): readonly string[] {
  const [, name = ""] = /^(?:s3:\/\/|arn:[a-z-]+:s3:::)?([^/]*)\/?$/i.exec(text) ?? [];
  if (!/^[a-zA-Z0-9][a-zA-Z0-9._-]{1,253}[a-zA-Z0-9]$/.test(name)) {
    const isAddress = text.includes("/");
    throw new InvalidArgumentError(
      isAddress
        ? "It names more than a bucket.\nWrite the bucket alone, and where uploads go with --prefix."
        : "That is no name of a bucket.\nNames have 3 to 63 lower-case letters, digits, hyphens and dots.",
    );
  }
  return [...earlier, name];
}

/** An account id or the ARN of a principal; repeated options add up. */
export function parseTrusted(text: string, earlier: readonly string[] = []): readonly string[] {
  const added = text.split(",").map((word) => word.trim());
  const odd = added.find((word) => !/^\d{12}$|^arn:[a-z-]+:(iam|sts)::\d{12}:\S+$/.test(word));
  if (odd !== undefined) {
    throw new InvalidArgumentError(
      "That is neither an account nor a principal.\nWrite 12 digits, or an ARN such as arn:aws:iam::111122223333:role/reader.",
    );
  }
  return [...earlier, ...added];
}

function tooMuch(what: string, why: string): S3upError {
  return new S3upError("USAGE", `${what} cannot be used together.`, { why, hint: "Leave one of the two out." });
}
