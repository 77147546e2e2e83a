import type { BuildPlan, BuildRequest } from "@/lib/contracts/build";
import { draftModule } from "./draft-module";
import { plainText } from "./quote";
import type { Source } from "./source";

/**
 * What a person sees before the code is written.
 * @throws AppError when the source cannot become a module
 */
export function planModule(source: Source, request: BuildRequest): BuildPlan {
  const { category, name, title, description, connection, credentials, operations, kind } = draftModule(
    source,
    request,
  );
  const { auth, baseUrl } = connection;
  const addresses = auth.kind === "oauth2_client_credentials" ? [baseUrl, auth.tokenUrl] : [baseUrl];
  return {
    category,
    name,
    title,
    summary: plainText(description, 400),
    hosts: [...new Set(addresses.map((address) => new URL(address).host))],
    credentials: credentials.map((credential) => ({ name: credential.name, label: credential.label })),
    operations: operations.map((operation) => ({
      name: operation.name,
      kind: operation.kind,
      description: operation.description,
    })),
    source: kind,
  };
}
