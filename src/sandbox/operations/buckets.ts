import type { S3Answer, StorageContext } from "../context.ts";
import { notImitated } from "../operation.ts";
import { s3Error } from "../s3-error.ts";
import { childText, parseXml } from "../xml.ts";
import { owner, xmlAnswer } from "./answers.ts";

/** The region whose rules differ from all others, because it was there before there were regions. */
const FIRST_REGION = "us-east-1";

export async function listBuckets({ buckets }: StorageContext): Promise<S3Answer> {
  const list = buckets.all().map(
    ({ name, createdAt }) =>
      [
        "Bucket",
        [
          ["Name", name],
          ["CreationDate", createdAt],
        ],
      ] as const,
  );
  return xmlAnswer("ListAllMyBucketsResult", [
    ["Owner", owner],
    ["Buckets", list],
  ]);
}

export async function createBucket(context: StorageContext): Promise<S3Answer> {
  const { request, bucket: name, buckets, region, settings } = context;
  if (request.headers["x-amz-bucket-object-lock-enabled"]?.toLowerCase() === "true") {
    throw notImitated("Object Lock", { Header: "x-amz-bucket-object-lock-enabled" });
  }
  checkLocation(await context.readText(64 * 1024), region);
  const answer = { status: 200, headers: { location: `/${name}` } };
  // S3 says 409 to whoever creates a bucket again that is already theirs, but for the first region
  if (buckets.get(name) !== undefined && region === FIRST_REGION) return answer;
  await buckets.create({ name, createdAt: context.now().toISOString(), region });
  try {
    await settings.create(name, request.headers);
  } catch (error) {
    await buckets.remove(name);
    throw error;
  }
  return answer;
}

/** @throws S3Error when the body asks for another region than the one that was addressed, or for what is not imitated */
function checkLocation(text: string, region: string): void {
  const configuration = text === "" ? undefined : parseXml(text, "CreateBucketConfiguration");
  const other = configuration?.children.find(({ name }) => name !== "LocationConstraint");
  if (other !== undefined) throw notImitated(`${other.name} in a CreateBucketConfiguration`);
  const asked = (configuration && childText(configuration, "LocationConstraint")) || undefined;
  if (asked === undefined && region === FIRST_REGION) return;
  if (asked === region && region !== FIRST_REGION) return;
  if (asked === FIRST_REGION && region === FIRST_REGION) {
    throw s3Error("InvalidLocationConstraint", { LocationConstraint: asked });
  }
  const message = `The ${asked ?? "unspecified"} location constraint is incompatible for the region specific endpoint this request was sent to.`;
  throw s3Error("IllegalLocationConstraintException", {}, { message });
}

export async function headBucket({ bucket, buckets }: StorageContext): Promise<S3Answer> {
  return {
    status: 200,
    headers: { "x-amz-bucket-region": buckets.find(bucket).region, "x-amz-access-point-alias": "false" },
  };
}

export async function deleteBucket({ bucket, buckets, settings }: StorageContext): Promise<S3Answer> {
  await buckets.remove(bucket);
  await settings.forget(bucket);
  return { status: 204 };
}

export async function getBucketLocation({ bucket, buckets }: StorageContext): Promise<S3Answer> {
  const { region } = buckets.find(bucket);
  return xmlAnswer("LocationConstraint", region === FIRST_REGION ? "" : region);
}
