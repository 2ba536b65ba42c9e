/**
 * Fixed texts of the engine's wire format, as `@holdfast/policies` has them. A stand-in is a process that starts with every command, and
 * loading that package, with the SDK behind it, would be most of its start.
 */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const signatureKey = "4dabf18193072939515e22adb298388d";
