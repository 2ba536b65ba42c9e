/** `availabilityZoneId` as `availability_zone_id`, `dnsARecord` as `dns_a_record`. */
export function snakeCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])/g, (letter) => `_${letter}`).toLowerCase();
}

/** Terraform's name for a property: the same in snake case, or its singular, because Pulumi names lists in the plural. */
export function terraformName(property: string, names: { has(name: string): boolean }): string | undefined {
  let possible = known.get(property);
  if (possible === undefined) known.set(property, (possible = possibleNames(property)));
  return possible.find((name) => names.has(name));
}

/** There are a few hundred properties, and each is looked up thousands of times. */
const known = new Map<string, readonly string[]>();

function possibleNames(property: string): readonly string[] {
  const snake = snakeCase(property);
  const singular = [snake.replace(/ies$/, "y"), snake.replace(/(s|x|ch|sh)es$/, "$1"), snake.replace(/s$/, "")];
  // Digits at the end of a word stand apart in some names: cidrIpv4, sha256.
  const apart = snake.replace(/([a-z])(\d+)(?=_|$)/g, "$1_$2");
  // References lose their ending where Pulumi takes the resource itself: topic for topic_arn.
  return [snake, ...singular, apart, `${snake}_arn`, `${snake}_id`];
}

/** `availability_zone_id` as `availabilityZoneId`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}
