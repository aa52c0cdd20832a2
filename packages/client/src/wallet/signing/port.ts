/** Makes the Ed25519 signatures (64 bytes) of a secret key (32 bytes). */
export type SigningOpener = (secretKey: Uint8Array) => (message: Uint8Array) => Uint8Array
