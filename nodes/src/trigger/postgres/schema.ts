// Settings of the PostgreSQL trigger.
import { credentialField } from "../../credentials/credentialField.ts";
import { secondsField, z } from "../../schema.ts";
import { everySeconds, fromField, inOrder } from "../fields.ts";

export const schema = z.strictObject({
  credential: credentialField(["postgres"], "Database to listen to.").optional(),
  connection: z
    .string()
    .min(1)
    .optional()
    .describe("Address instead of a connection: postgresql://user:password@host:5432/name.")
    .meta({ format: "password" }),
  encryption: z
    .enum(["verify", "encrypt", "none"])
    .optional()
    .describe(
      "verify: with a trusted certificate; encrypt: with any; none. Default: as sslmode of the address says, else verify.",
    ),
  ca: z.string().optional().describe("Certificate of the authority that signed that of the database (PEM)."),
  kind: z
    .enum(["rows", "listen"])
    .default("rows")
    .describe(
      "rows: new rows of a table, none is lost. listen: NOTIFY; what is told while nobody listens is lost.",
    ),
  table: z.string().min(1).max(200).optional().describe("Rows: the table, such as orders or shop.orders."),
  column: z
    .string()
    .min(1)
    .max(63)
    .optional()
    .describe("Rows: a column that is unique and grows, such as an identity."),
  everySeconds: everySeconds(5, 0.2),
  lookBackSeconds: secondsField(
    "Rows: how long a transaction may stay open without its rows being missed.",
  ).default(60),
  channel: z.string().min(1).max(63).optional().describe("Listen: the channel."),
  from: fromField,
  inOrder,
});
