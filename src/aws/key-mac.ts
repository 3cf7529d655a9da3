/** MACs from a key that stays in KMS. */

/**
 * HMAC-SHA-256 in base64url, 43 characters. Needs `kms:GenerateMac` on the key, whose usage is GENERATE_VERIFY_MAC.
 * @throws the SDK's own error, which names the action and the key
 */
export async function macOfKey(keyArn: string, text: string): Promise<string> {
  // Only who has such a key pays for loading the client.
  const { GenerateMacCommand, KMSClient } = await import("@aws-sdk/client-kms");
  const client = new KMSClient({});
  try {
    const command = new GenerateMacCommand({ KeyId: keyArn, MacAlgorithm: "HMAC_SHA_256", Message: Buffer.from(text) });
    const { Mac } = await client.send(command);
    if (Mac === undefined) throw new Error("KMS answered without a MAC");
    return Buffer.from(Mac).toString("base64url");
  } finally {
    client.destroy();
  }
}
