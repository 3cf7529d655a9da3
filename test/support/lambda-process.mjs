// Stands for Lambda's own runtime: loads the function from an unpacked zip, calls it with each event that arrives, one
// after the other, and sends the answer back.
const [, , file] = process.argv;
const { handler } = await import(file);

process.on("message", async ({ id, event }) => {
  try {
    process.send({ id, answer: await handler(event, {}) });
  } catch (error) {
    process.send({ id, failure: `${error.name}: ${error.message}` });
  }
});
process.send({ ready: true });
