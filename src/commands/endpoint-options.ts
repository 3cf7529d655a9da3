import { type Command, Option } from "commander";
import { S3upError } from "../errors.ts";
import type { EndpointAuth, EndpointSettings } from "../runtime.ts";
import { oneOf, parseUrl } from "./option-types.ts";

export interface EndpointFlags {
  readonly endpoint?: string;
  readonly token?: string;
  readonly tokenCommand?: string;
  readonly auth?: (typeof authKinds)[number];
  readonly profile?: string;
  readonly region?: string;
  readonly maxAttempts?: number;
}

const authKinds = ["none", "token", "iam"] as const;
const group = "Presign endpoint:";

export function addEndpointOptions(
  command: Command,
  purpose = "presign through this endpoint; no AWS credentials are needed",
): Command {
  command.addOption(new Option("--endpoint <url>", purpose).argParser(parseUrl).helpGroup(group));
  return addEndpointAuthOptions(command);
}

/** How an endpoint is convinced that is named elsewhere. */
export function addEndpointAuthOptions(command: Command): Command {
  const options = [
    new Option(
      "--token <token>",
      "access token for the endpoint; better in S3UP_TOKEN, where no process list shows it",
    ),
    new Option("--token-command <command>", "a program that prints the access token"),
    new Option(
      "--auth <kind>",
      "none, token, or iam to sign with AWS credentials (default: by what is given)",
    ).argParser(oneOf(authKinds)),
  ];
  for (const option of options) command.addOption(option.helpGroup(group));
  return command;
}

/** @throws S3upError USAGE for a token that is wanted and not there */
export function endpointSettings(
  url: string,
  flags: EndpointFlags,
  wishes: {
    readonly expiresInSeconds?: number | undefined;
    readonly metadata?: Readonly<Record<string, string>> | undefined;
  },
): EndpointSettings {
  return {
    url,
    auth: authOf(flags),
    expiresInSeconds: wishes.expiresInSeconds,
    metadata: wishes.metadata,
    maxAttempts: flags.maxAttempts,
  };
}

function authOf(flags: EndpointFlags): EndpointAuth {
  const { token, tokenCommand } = flags;
  const hasToken = token !== undefined || tokenCommand !== undefined;
  const kind = flags.auth ?? (hasToken ? "token" : "none");
  if (kind === "iam") return { kind, profile: flags.profile, region: flags.region };
  if (kind === "none") return { kind };
  if (token !== undefined) return { kind, token };
  if (tokenCommand !== undefined) return { kind: "token-command", command: tokenCommand };
  throw new S3upError("USAGE", "--auth token needs a token.", {
    why: "Neither --token, S3UP_TOKEN nor --token-command gives one.",
    hint: "Set S3UP_TOKEN, or name a program with --token-command.",
  });
}
