// Creates a workflow. A definition with problems is refused, an empty one is kept as a draft, a sound one is
// published as version 1 at once (unless told not to), so that the first execution needs no second request.
import { refuseInlineSecrets } from "../connections/inlineSecrets.ts";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { invalid } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { isEmpty, readDefinition } from "./definitionText.ts";
import { afterPublish, publishWithin } from "./publishWorkflow.ts";
import { insertVersion, insertWorkflow } from "./store.ts";

export type CreateWorkflow = { body: unknown; publish: boolean };

export async function createWorkflow(deps: Deps, caller: Caller, request: CreateWorkflow): Promise<string> {
  const document = readDefinition(request.body);
  const empty = isEmpty(document.value);
  const problems = empty ? [] : deps.programs.problemsOf(document.value);
  if (problems.length > 0) throw invalid("The definition has problems; nothing was created.", problems);
  refuseInlineSecrets(deps, document.value);

  const id = deps.newId();
  const isPublishing = request.publish && !empty;
  await withTenant(deps.api, caller.orgId, async (tx) => {
    const { name, description, text: definition, hash } = document;
    const { orgId, actor: by, userId } = caller;
    await insertWorkflow(tx, { id, orgId, name, description, definition, by, userId });
    await insertVersion(tx, {
      id: deps.newId(),
      workflowId: id,
      orgId: caller.orgId,
      kind: "draft",
      version: null,
      definition,
      hash,
    });
    if (isPublishing) await publishWithin(deps, tx, caller, id);
  });
  if (isPublishing) await afterPublish(deps, id);
  return id;
}
