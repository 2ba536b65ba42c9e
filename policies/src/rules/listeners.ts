import type { Value } from "../rule/value";

/** Whether a listener's only answer is to send clients to HTTPS. `undefined` when the plan does not say. */
export function onlyRedirectsToTls(actions: Value): boolean | undefined {
  if (actions.unknown) return undefined;
  const list = actions.items();
  if (list.length === 0) return false;
  const answers = list.map((action) => {
    const protocol = action.in("redirect", "protocol");
    if (action.at("type").unknown || protocol.unknown) return undefined;
    // Without a protocol a redirect keeps the client's own, which is plain text here.
    return action.at("type").text === "redirect" && protocol.text === "HTTPS";
  });
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}
