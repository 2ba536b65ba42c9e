/** The `error` object of the OpenAI interface. `type` and `code` are what clients branch on. */
export interface OpenAiError {
  readonly message: string;
  readonly type:
    "invalid_request_error" | "authentication_error" | "permission_error" | "rate_limit_error" | "server_error";
  readonly code: string;
  readonly param?: string;
}

/** The body of an error answer, in the form that OpenAI clients parse. */
export function openAiError({ message, type, code, param }: OpenAiError): string {
  return JSON.stringify({ error: { message, type, param: param ?? null, code } });
}

/** Quotes a text for an HAProxy configuration so that nothing in it is expanded. */
export function haproxyQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** One rule that ends a request with an answer of the gateway's own. */
export function answer(status: number, error: OpenAiError, condition: string, headers = ""): string {
  const head = headers === "" ? "" : ` ${headers}`;
  return `  http-request return status ${status} content-type application/json string ${haproxyQuote(openAiError(error))}${head} if ${condition}`;
}
