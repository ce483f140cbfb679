// Fields that several listening triggers share.
import { secondsField, z } from "../schema.ts";

export const everySeconds = (otherwise: number, least: number) =>
  secondsField(`Seconds between two looks, from ${least}.`)
    .pipe(z.number().min(least).max(86_400))
    .default(otherwise)
    .describe(`Seconds between two looks, from ${least}.`);

export const inOrder = z
  .boolean()
  .default(false)
  .describe("One after the other: the next one starts when the execution before has ended.");

export const fromField = z
  .enum(["new", "beginning"])
  .default("new")
  .describe("What is there when the workflow is published first: left out, or taken in as well.");
