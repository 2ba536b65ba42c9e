/** filled by script */
export const replacingProperties: Readonly<Record<string, readonly string[]>> = {};
