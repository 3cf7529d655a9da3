/** Whose account the caller is in, and what it sets for all of its buckets. Asked once, whatever the number of buckets. */
import { callerIdentityRead, facetReads } from "../audit/facet-access.ts";
import type { PublicAccessBlock } from "../audit/facets.ts";
import type { Reading } from "../audit/snapshot.ts";
import type { AuditClients } from "./audit-clients.ts";
import { answerTo, readFacet } from "./facet-reading.ts";
import { withSdkErrors } from "./sdk-errors.ts";

export interface AccountReader {
  /** The account id, or why it is not known. */
  account(signal: AbortSignal): Promise<Reading<string>>;
  publicAccessBlock(signal: AbortSignal): Promise<Reading<PublicAccessBlock>>;
}

/** `named`: the account that the user said it is. */
export function createAccountReader(clients: AuditClients, named: string | undefined): AccountReader {
  let account: Promise<Reading<string>> | undefined;
  let block: Promise<Reading<PublicAccessBlock>> | undefined;

  const accountOnce = (signal: AbortSignal) => {
    account ??= named === undefined ? accountOfCaller(clients, signal) : Promise.resolve(known(named));
    return account;
  };
  return {
    account: accountOnce,
    publicAccessBlock(signal) {
      block ??= accountOnce(signal).then((id) => readAccountBlock(clients, id, signal));
      return block;
    },
  };
}

async function accountOfCaller(clients: AuditClients, signal: AbortSignal): Promise<Reading<string>> {
  const ofCredentials = await withSdkErrors({ operation: "GetCallerIdentity" }, clients.accountOfCredentials, signal);
  if (ofCredentials !== undefined) return known(ofCredentials);

  const endpoint = clients.endpointOf("sts");
  if (endpoint.kind === "unknown") return unknownAccount;
  const answer = askForIdentity(clients, signal);
  // Another server may know nothing of STS, or answer nonsense, and still be a good S3.
  return endpoint.kind === "aws" ? answer : answer.then(orUnknown, () => unknownAccount);
}

async function askForIdentity(clients: AuditClients, signal: AbortSignal): Promise<Reading<string>> {
  const { GetCallerIdentityCommand } = await import("@aws-sdk/client-sts");
  const sts = await clients.sts();
  const ask = () => sts.send(new GetCallerIdentityCommand({}), { abortSignal: signal });
  const identity = await answerTo(callerIdentityRead, { signal, about: {} }, ask);
  if (identity.state !== "present") return identity;
  const { Account } = identity.value;
  return Account === undefined ? unknownAccount : known(Account);
}

function orUnknown(account: Reading<string>): Reading<string> {
  return account.state === "present" ? account : unknownAccount;
}

async function readAccountBlock(
  clients: AuditClients,
  account: Reading<string>,
  signal: AbortSignal,
): Promise<Reading<PublicAccessBlock>> {
  if (account.state !== "present") return account;
  const [read] = facetReads.accountPublicAccessBlock;
  const { GetPublicAccessBlockCommand } = await import("@aws-sdk/client-s3-control");
  const control = await clients.s3control(clients.facts.region);
  const command = new GetPublicAccessBlockCommand({ AccountId: account.value });
  const ask = () => control.send(command, { abortSignal: signal });
  return readFacet("accountPublicAccessBlock", read, { signal, about: {} }, ask);
}

function known(id: string): Reading<string> {
  return { state: "present", value: id };
}

const unknownAccount: Reading<string> = {
  state: "unreadable",
  reason: "the account id is not known, and AWS_ACCOUNT_ID does not say it",
};
