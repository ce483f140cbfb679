// Workflows for tests of the builder: made over the API, opened as a person opens them.
import type { Page } from "playwright-core";
import type { App, PageOptions } from "./openApp.ts";

export type Node = { id: string; type: string; name?: string; config: Record<string, unknown> };
export type Definition = {
  name: string;
  nodes: Node[];
  connections: { from: string; to: string; port?: string; input?: string }[];
};

export function draftsOf(app: App) {
  return {
    /** An unpublished workflow with this draft. */
    async newWorkflow(name: string, definition: Partial<Definition> = {}): Promise<string> {
      const empty = { name, nodes: [], connections: [] };
      const { id } = await app.call<{ id: string }>("POST", "/api/v1/workflows?publish=0", empty);
      if (definition.nodes)
        await app.call("PUT", `/api/v1/workflows/${id}/draft`, { ...empty, ...definition });
      return id;
    },
    async draftOf(id: string): Promise<Definition> {
      return (await app.call<{ definition: Definition }>("GET", `/api/v1/workflows/${id}`)).definition;
    },
    async open(id: string, options: PageOptions = {}, query = ""): Promise<Page> {
      const page = await app.page(options);
      await page.goto(`${app.url}/workflows/${id}${query}`);
      await page
        .getByText(/^(Draft saved|المسودة محفوظة)$/)
        .first()
        .waitFor({ state: "attached" });
      return page;
    },
  };
}
