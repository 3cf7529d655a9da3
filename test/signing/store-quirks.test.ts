import { describe, expect, test } from "vitest";
import {
  allStores,
  checksumTypeAt,
  regionInEndpoint,
  type StoreName,
  storeNames,
  storeOf,
} from "../../src/signing/store-quirks.ts";

describe("a store is known by the host of its endpoint", () => {
  test.for<[string | undefined, StoreName]>([
    [undefined, "aws"],
    ["https://s3.eu-central-1.amazonaws.com", "aws"],
    ["https://0123abc.r2.cloudflarestorage.com", "r2"],
    ["https://0123abc.eu.r2.cloudflarestorage.com", "r2"],
    ["https://0123ABC.R2.CloudflareStorage.com/", "r2"],
    ["https://s3.us-west-004.backblazeb2.com", "b2"],
    ["https://bucket.s3.us-west-004.backblazeb2.com:443", "b2"],
    ["https://storage.googleapis.com", "gcs"],
    ["https://bucket.storage.googleapis.com", "gcs"],
    ["http://127.0.0.1:9000", "aws"],
    ["https://backblazeb2.com.example.org", "aws"],
    ["https://notbackblazeb2.com", "aws"],
    ["https://mystorage.googleapis.com", "aws"],
    ["no address", "aws"],
  ])("%s is %s", ([endpoint, name]) => {
    expect(storeOf(undefined, endpoint).name).toBe(name);
  });

  test.for(storeNames)("and is %s on any host where the user says so", (name) => {
    expect(storeOf(name, "https://s3.us-west-004.backblazeb2.com").name).toBe(name);
    expect(storeOf(name, undefined).name).toBe(name);
  });
});

test.for<[StoreName, string, string]>([
  ["aws", "CRC32", "FULL_OBJECT"],
  ["aws", "SHA256", "COMPOSITE"],
  ["minio", "CRC32C", "FULL_OBJECT"],
  ["r2", "CRC32", "COMPOSITE"],
  ["r2", "CRC32C", "COMPOSITE"],
  ["r2", "CRC64NVME", "FULL_OBJECT"],
  ["r2", "SHA256", "COMPOSITE"],
])("%s forms a %s of many parts as %s", ([name, algorithm, type]) => {
  expect(checksumTypeAt(storeOf(name, undefined), algorithm as "CRC32")).toBe(type);
});

test.for<[string, string | undefined]>([
  ["https://s3.us-west-004.backblazeb2.com", "us-west-004"],
  ["https://bucket.s3.eu-central-003.backblazeb2.com/", "eu-central-003"],
  ["https://0123abc.r2.cloudflarestorage.com", undefined],
  ["http://127.0.0.1:9000", undefined],
])("the host of %s names the region %s", ([endpoint, region]) => {
  expect(regionInEndpoint(endpoint)).toBe(region);
});

test("every fact names who says it", () => {
  for (const { lacks, sources } of allStores()) {
    for (const { why, source } of [...Object.values(lacks), ...sources]) {
      expect(why).not.toBe("");
      expect(source).toMatch(/^https:\/\/|^test\//);
    }
  }
});
