import { expect, test } from "vitest";
import { type IdentityWishes, staticIdentity } from "../../src/aws/static-identity.ts";

const keys = { AWS_ACCESS_KEY_ID: "AKIAENVIRONMENT", AWS_SECRET_ACCESS_KEY: "e" };
const inProfile = { aws_access_key_id: "AKIAPROFILE", aws_secret_access_key: "p" };
const ofEnvironment = {
  accessKeyId: "AKIAENVIRONMENT",
  secretAccessKey: "e",
  $source: { CREDENTIALS_ENV_VARS: "g" },
};
const ofProfile = { accessKeyId: "AKIAPROFILE", secretAccessKey: "p" };
const nothing: IdentityWishes = { profile: undefined, environment: {}, configFile: {}, credentialsFile: {} };

type Row = readonly [sentence: string, wishes: Partial<IdentityWishes>, identity: unknown];

test.for<Row>([
  ["keys of the environment", { environment: keys }, ofEnvironment],
  [
    "with a token and an end",
    {
      environment: { ...keys, AWS_SESSION_TOKEN: "t", AWS_CREDENTIAL_EXPIRATION: "2026-03-01T00:00:00Z" },
    },
    { ...ofEnvironment, sessionToken: "t", expiration: new Date("2026-03-01T00:00:00Z") },
  ],
  ["half a pair of them is none", { environment: { AWS_ACCESS_KEY_ID: "AKIAENVIRONMENT" } }, undefined],
  ["empty ones are none", { environment: { ...keys, AWS_SECRET_ACCESS_KEY: "" } }, undefined],
  ["the default profile, where the environment has none", { credentialsFile: { default: inProfile } }, ofProfile],
  [
    "the environment's before the default profile's",
    { environment: keys, credentialsFile: { default: inProfile } },
    ofEnvironment,
  ],
  [
    "a named profile's, whatever the environment has",
    { profile: "dev", environment: keys, configFile: { dev: inProfile } },
    ofProfile,
  ],
  [
    "the credentials file before the config file",
    {
      profile: "dev",
      configFile: { dev: { ...inProfile, aws_access_key_id: "AKIAOLD" } },
      credentialsFile: { dev: inProfile },
    },
    ofProfile,
  ],
  [
    "with the profile's token",
    { profile: "dev", credentialsFile: { dev: { ...inProfile, aws_session_token: "t" } } },
    { ...ofProfile, sessionToken: "t" },
  ],
  ["a profile that is not there, although the environment has keys", { profile: "dev", environment: keys }, undefined],
  [
    "a role is for the SDK",
    { profile: "dev", configFile: { dev: { ...inProfile, role_arn: "arn:aws:iam::1:role/r" } } },
    undefined,
  ],
  [
    "a role beside keys in the other file, too",
    {
      profile: "dev",
      configFile: { dev: { role_arn: "r", source_profile: "x" } },
      credentialsFile: { dev: inProfile },
    },
    undefined,
  ],
  ["SSO is for the SDK", { profile: "dev", configFile: { dev: { sso_session: "s" } } }, undefined],
  ["a program is for the SDK", { profile: "dev", configFile: { dev: { credential_process: "p" } } }, undefined],
  ["nothing", {}, undefined],
])("%s", ([, wishes, identity]) => {
  expect(staticIdentity({ ...nothing, ...wishes })).toEqual(identity);
});
