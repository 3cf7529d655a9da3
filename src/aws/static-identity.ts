/**
 * Keys that simply stand in the environment or in a profile: the first two links of the SDK's chain, for which the SDK
 * need not be loaded. Everything else (SSO, roles, processes, containers, and whatever is doubtful) is left to it.
 */
import type { AwsCredentialIdentity } from "@smithy/types";
import type { GivenIdentity } from "./credential-source.ts";

type Section = Readonly<Record<string, string | undefined>>;

export interface IdentityWishes {
  /** Undefined: the environment's keys, then `default`. */
  readonly profile: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly configFile: Readonly<Record<string, Section | undefined>>;
  readonly credentialsFile: Readonly<Record<string, Section | undefined>>;
}

/** Marked as the SDK marks them. */
export type StaticIdentity = AwsCredentialIdentity & Pick<GivenIdentity, "$source">;

/** Undefined where the SDK has to be asked. */
export function staticIdentity(wishes: IdentityWishes): StaticIdentity | undefined {
  const { profile, environment, configFile, credentialsFile } = wishes;
  // As the SDK has it: who names a profile does not mean the environment's keys.
  if (profile === undefined) {
    const identity = identityOf({
      accessKeyId: environment.AWS_ACCESS_KEY_ID,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
      sessionToken: environment.AWS_SESSION_TOKEN,
      expiration: environment.AWS_CREDENTIAL_EXPIRATION,
    });
    if (identity !== undefined) return { ...identity, $source: { CREDENTIALS_ENV_VARS: "g" } };
  }
  const name = profile ?? "default";
  const section = { ...configFile[name], ...credentialsFile[name] };
  if (section.role_arn !== undefined) return undefined;
  return identityOf({
    accessKeyId: section.aws_access_key_id,
    secretAccessKey: section.aws_secret_access_key,
    sessionToken: section.aws_session_token,
    expiration: undefined,
  });
}

type Texts = Readonly<Record<"accessKeyId" | "secretAccessKey" | "sessionToken" | "expiration", string | undefined>>;

function identityOf({ accessKeyId, secretAccessKey, sessionToken, expiration }: Texts) {
  if (!accessKeyId || !secretAccessKey) return undefined;
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken ? { sessionToken } : {}),
    ...(expiration ? { expiration: new Date(expiration) } : {}),
  };
}
