/** Lets reads of large files fail from a position on, as a bad block does. */
import { open } from "node:fs/promises";

const { from } = JSON.parse(process.env.FAULT_SETTINGS ?? "{}");
const handle = await open("/dev/null");
const prototype = Object.getPrototypeOf(handle);
await handle.close();

const { read } = prototype;
prototype.read = async function (buffer, offset, length, position) {
  const isContent = (await this.stat()).size > 1024 ** 2;
  if (!isContent || position + length <= from) return read.call(this, buffer, offset, length, position);
  throw Object.assign(new Error("EIO: i/o error, read"), { code: "EIO", errno: -5, syscall: "read" });
};
