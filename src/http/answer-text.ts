/** Text of a server, made fit for an error message: one short line without addresses, tokens or terminal commands. */
export function quoteAnswer(text: string): string {
  const plain = text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
    .replace(/\bhttps?:\/\/\S+/gi, "(address left out)")
    // Signatures, tokens and their like: nothing that a person would read is so long without a space.
    .replace(/[A-Za-z0-9+/_=.%-]{64,}/g, "(left out)")
    .replace(/\s+/g, " ")
    .trim();
  return plain.length <= 200 ? plain : `${plain.slice(0, 199)}…`;
}
