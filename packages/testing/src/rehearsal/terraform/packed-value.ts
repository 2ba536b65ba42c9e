import { Decoder, Encoder, ExtData, ExtensionCodec } from "@msgpack/msgpack";

/** Stands for a value that is not known yet, as in the protocol. */
export const notKnown = Symbol("not known yet");

const codec = new ExtensionCodec();
codec.register({
  type: 0,
  encode: (value) => (value === notKnown ? new Uint8Array([0]) : null),
  decode: () => notKnown,
});
// Terraform refines unknown values with an extension of its own: still unknown.
codec.register({ type: 12, encode: () => null, decode: () => notKnown });

/** A value as the protocol carries it. */
export function packValue(value: unknown): { msgpack: Uint8Array } {
  return { msgpack: new Encoder({ extensionCodec: codec }).encode(extended(value)) };
}

export function unpackValue(bytes: Uint8Array | undefined): unknown {
  if (bytes === undefined || bytes.length === 0) return null;
  return new Decoder({ extensionCodec: codec, useBigInt64: false }).decode(bytes);
}

/** The encoder knows no symbols, so the marker is put in as the extension that it becomes. */
function extended(value: unknown): unknown {
  if (value === notKnown) return new ExtData(0, new Uint8Array([0]));
  if (Array.isArray(value)) return value.map(extended);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, extended(item)]));
}
