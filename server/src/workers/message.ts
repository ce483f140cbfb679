// Messages to workers as text, and how large one may be.
import { MESSAGE_BYTES_MAX } from "@auraos/contract";

/** Thrown by a channel: nothing of the message was sent. */
export class MessageTooLarge extends Error {}

export function textOf(message: unknown): string {
  const text = JSON.stringify(message);
  if (text.length > MESSAGE_BYTES_MAX) throw new MessageTooLarge();
  return text;
}
