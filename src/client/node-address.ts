/** A node's address as `fetch` takes it. */
export interface NodeRequest {
  readonly address: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Takes a name and a password out of an address like `https://name:password@host`, which `fetch`
 * refuses with the whole address in its error, and puts them into the header that HTTP has for
 * them.
 * @param url of a node, valid.
 */
export function nodeRequest(url: string): NodeRequest {
  const address = new URL(url);
  const headers = { "content-type": "application/json" };
  const { username, password } = address;
  if (username === "" && password === "") return { address, headers };
  address.username = "";
  address.password = "";
  const bytes = new TextEncoder().encode(`${decoded(username)}:${decoded(password)}`);
  const authorization = `Basic ${btoa(String.fromCharCode(...bytes))}`;
  return { address, headers: { ...headers, authorization } };
}

/**
 * An address has its special characters as `%40`; a sign `%` that begins none of them stands for
 * itself.
 */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
