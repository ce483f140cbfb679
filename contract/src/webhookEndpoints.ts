// Endpoints of webhooks.
import { instant } from "./common.ts";
import { endpoint } from "./endpoint.ts";
import { z } from "./zod.ts";

const testHooks = z
  .object({
    items: z.array(
      z.object({
        node: z.string().describe("Node id of the trigger."),
        path: z.string().describe("Address of this server, for one request."),
        methods: z.array(z.string()),
        expiresAt: instant,
      }),
    ),
  })
  .meta({ id: "TestHooks" });

export const webhookEndpoints = {
  openTestHooks: endpoint({
    method: "post",
    path: "/api/v1/workflows/:id/test-hooks",
    action: "workflow.execute",
    tag: "Webhooks",
    summary: "Listen for one request to each webhook and form of the draft",
    description:
      "The next request to the address runs the draft as it is now, as a test, and is answered as the published " +
      "address would be: same checks, same parsing, same reply. An address is good for one request, ten minutes long.",
    params: z.object({ id: z.string().min(1).max(255) }),
    reply: testHooks,
    status: 201,
    also: { 409: "The draft has no webhook and no form trigger.", 422: "The draft has problems." },
  }),
};
