/** Lets the first lookups of one name fail. */
import dns from "node:dns";

const { host, count, code, after } = JSON.parse(process.env.FAULT_SETTINGS ?? "{}");
const { lookup } = dns;
let asked = 0;

dns.lookup = (name, options, done = options) => {
  asked += name === host ? 1 : 0;
  if (name !== host || asked <= after || asked > after + count) return lookup(name, options, done);
  const error = Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code, errno: -3008, syscall: "getaddrinfo" });
  process.nextTick(done, error);
  return {};
};
