import { sendJson } from "@/components/api/send-json";

interface SignIn {
  adapter: string;
  isWriteWanted: boolean;
  /** The connection that is renewed. */
  connectionId?: string;
}

/** Sends the person to the provider; they come back to Connections. @throws ApiFailure when it cannot begin */
export async function beginSignIn(request: SignIn): Promise<void> {
  const { location } = await sendJson<{ location: string }>("POST", "/api/connections/oauth", request);
  window.location.assign(location);
}
