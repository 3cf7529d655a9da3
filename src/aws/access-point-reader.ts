/** The access points of a bucket, each with the policy and the public access block of its own. */
import {
  GetAccessPointCommand,
  GetAccessPointPolicyCommand,
  ListAccessPointsCommand,
  type AccessPoint as ListedAccessPoint,
  type S3ControlClient,
} from "@aws-sdk/client-s3-control";
import { readOf } from "../audit/facet-access.ts";
import type { AccessPoint } from "../audit/facets.ts";
import { policyContent } from "../audit/policy-content.ts";
import type { Reading } from "../audit/snapshot.ts";
import { type AskPart, gathered, PartUnread, shaped, together } from "./facet-reading.ts";

/** A bucket with more is left unread: two calls for each would be thousands. */
const mostAccessPoints = 100;
const atATime = 10;

const listRead = readOf("accessPoints", "ListAccessPoints");
const pointRead = readOf("accessPoints", "GetAccessPoint");
const policyRead = readOf("accessPoints", "GetAccessPointPolicy");

export interface AccessPointOwner {
  readonly bucket: string;
  readonly accountId: string;
}

/** Those of the bucket owner's account; another account can make one too, which only that account sees. */
export async function readAccessPoints(
  control: S3ControlClient,
  { bucket, accountId }: AccessPointOwner,
  signal: AbortSignal,
): Promise<Reading<readonly AccessPoint[]>> {
  const options = { abortSignal: signal };

  const list = async (ask: AskPart): Promise<readonly ListedAccessPoint[]> => {
    const found: ListedAccessPoint[] = [];
    let token: string | undefined;
    do {
      const page = new ListAccessPointsCommand({ AccountId: accountId, Bucket: bucket, NextToken: token });
      const answer = await ask(listRead, () => control.send(page, options));
      found.push(...(answer?.AccessPointList ?? []));
      token = answer?.NextToken;
      if (found.length > mostAccessPoints) throw new PartUnread(`more than ${mostAccessPoints} access points`);
    } while (token !== undefined && token !== "");
    return found;
  };

  const describe = async (ask: AskPart, { Name, AccessPointArn, NetworkOrigin }: ListedAccessPoint) => {
    const input = { AccountId: accountId, Name };
    const [point, policy] = await together([
      ask(pointRead, () => control.send(new GetAccessPointCommand(input), options)),
      ask(policyRead, () => control.send(new GetAccessPointPolicyCommand(input), options)),
    ]);
    const { PublicAccessBlockConfiguration } = point ?? {};
    const Policy = policy?.Policy === undefined ? undefined : policyContent(policy.Policy);
    return { Name, AccessPointArn, NetworkOrigin, PublicAccessBlockConfiguration, Policy };
  };

  const gatheredPoints = await gathered({ signal, about: { bucket } }, async (ask) => {
    const listed = await list(ask);
    const points: object[] = [];
    for (let from = 0; from < listed.length; from += atATime) {
      points.push(...(await together(listed.slice(from, from + atATime).map((point) => describe(ask, point)))));
    }
    return points;
  });
  if (gatheredPoints.state !== "present") return gatheredPoints;
  return shaped("accessPoints", { AccessPointList: gatheredPoints.value });
}
