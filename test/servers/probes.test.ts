/** What holds of the probes themselves, without any server. */
import { expect, test } from "vitest";
import { probes } from "./probes/index.ts";
import { readTable } from "./suite.ts";

test("every probe has an id of its own", () => {
  const ids = probes.map(({ id }) => id);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
});

test("exactly the probes that no other server answers as expected rest on documentation alone", () => {
  const tables = ["rgw-20", "rgw-16", "moto-5"].map(readTable);
  const alone = probes.filter(({ id }) => tables.every((table) => id in table)).map(({ id }) => id);
  const marked = probes.filter(({ oracle }) => oracle === "documentation").map(({ id }) => id);
  expect(marked).toEqual(alone);
});
