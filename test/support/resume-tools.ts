import type { ResumeTools } from "../../src/upload/resume-tools.ts";
import { type FakeJournals, fakeJournals } from "./fake-journals.ts";

export function resumeTools(journals: FakeJournals = fakeJournals(), changes: Partial<ResumeTools> = {}): ResumeTools {
  return {
    journals,
    restart: false,
    uploadId: undefined,
    partSize: undefined,
    onFailure: "keep",
    newId: () => "client-token",
    commands: { resume: "s3up put again", abort: ({ uploadId }) => `s3up uploads abort ${uploadId}` },
    ...changes,
  };
}
