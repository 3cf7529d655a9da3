import { SendFailure, type SentAnswer } from "../../src/upload/transport.ts";
import { describeDestination } from "../contract/destination.ts";
import { describePartSender } from "../contract/part-sender.ts";
import { fakeS3 } from "../support/fake-s3.ts";

// The fake keeps the promises of the real ones, or the engine's tests would prove nothing.
describeDestination("the fake S3", async () => {
  const { destination, sender, objects, open } = fakeS3();
  return { destination, sender, stored: async (key) => objects.get(key), openUploads: async () => open() };
});

describePartSender("the fake S3", () => {
  const s3 = fakeS3();
  const url = "https://s3.test/drop/k?put";
  const after = (answer: () => SentAnswer | Error | Promise<SentAnswer>) => {
    s3.intercept = answer;
    return Promise.resolve(url);
  };
  return {
    sender: s3.sender,
    answering: (status, headers = {}, body = "") => {
      const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      return after(() => ({ status, headers: lowerCase, body }));
    },
    silent: () => after(() => Promise.resolve({ status: 200, headers: {}, body: "" })),
    broken: () => after(() => new SendFailure("reset", "ECONNRESET")),
  };
});
