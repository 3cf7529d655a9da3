/**
 * AWS credentials by the SDK's own chain (environment, profile, SSO, roles, processes, container, instance), and again when
 * S3 says that they have expired: files are read anew and programs run anew, which the SDK alone never does for keys
 * whose end nobody told it.
 */
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider, RequestHandler } from "@smithy/types";

/** The identity that a refused request was signed with. */
export interface UsedIdentity {
  readonly accessKeyId: string;
  readonly sessionToken?: string | undefined;
}

export interface GivenIdentity extends UsedIdentity {
  /** When they end; undefined where nobody said so. */
  readonly expiration?: Date | undefined;
  /** Which of the SDK's sources gave them. */
  readonly $source?: Readonly<Record<string, unknown>> | undefined;
}

export interface CredentialSource {
  /** As the SDK asks for them; it must not remember them itself. */
  readonly provide: AwsCredentialIdentityProvider & { readonly memoized: true };
  /** Those that were given last. */
  readonly last: () => GivenIdentity | undefined;
  /** True when there are other credentials than those that were refused. @throws what the chain throws */
  renew(refused: UsedIdentity): Promise<boolean>;
}

/** @param open a new chain; with `fresh` nothing that was read before counts */
export function createCredentialSource(
  open: (fresh: boolean) => Promise<AwsCredentialIdentityProvider>,
): CredentialSource {
  let chain: Promise<AwsCredentialIdentityProvider> | undefined;
  let renewing: Promise<void> | undefined;
  let last: AwsCredentialIdentity | undefined;

  async function provide(): Promise<AwsCredentialIdentity> {
    chain ??= open(false);
    const identity = await (await chain)();
    last = identity;
    return identity;
  }

  async function reopen(): Promise<void> {
    const next = open(true);
    last = await (await next)();
    chain = next;
  }

  return {
    provide: Object.assign(provide, { memoized: true as const }),
    last: () => last,
    async renew(refused) {
      // Several parts are refused at once; the first that comes has the others' fetched as well.
      if (isOther(last, refused)) return true;
      renewing ??= reopen().finally(() => {
        renewing = undefined;
      });
      await renewing;
      return isOther(last, refused);
    },
  };
}

/** Those of the environment stay as they are; all others are fetched anew before they end. */
export function endOf(identity: GivenIdentity | undefined): Date | undefined {
  return identity?.$source !== undefined && "CREDENTIALS_ENV_VARS" in identity.$source
    ? identity.expiration
    : undefined;
}

function isOther(now: UsedIdentity | undefined, refused: UsedIdentity): boolean {
  return now !== undefined && (now.accessKeyId !== refused.accessKeyId || now.sessionToken !== refused.sessionToken);
}

export interface ChainWishes {
  readonly profile: string | undefined;
  readonly region: string;
  /** STS and SSO are reached as S3 is: the same certificates, the same proxy. */
  readonly requestHandler: RequestHandler<never, never> | object;
}

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };
/** On a machine that is no EC2 instance, asking for its role must not take long. */
const metadataTimeoutMs = 1_000;

/** The SDK's chain; its code is loaded at the first signature. */
export async function openChain(
  { profile, region, requestHandler }: ChainWishes,
  fresh: boolean,
): Promise<AwsCredentialIdentityProvider> {
  const { fromNodeProviderChain } = await import("@aws-sdk/credential-providers");
  return fromNodeProviderChain({
    ...(profile === undefined ? {} : { profile }),
    timeout: metadataTimeoutMs,
    maxRetries: 0,
    ignoreCache: fresh,
    clientConfig: { region, requestHandler: requestHandler as never },
    logger: silent,
  });
}
