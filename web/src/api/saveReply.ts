// Gives an answer of the server to the person as a file.
import { type Address, requestRaw } from "./request.ts";

const HELD_MS = 10_000;

export async function saveReply(
  address: Address,
  name: string,
  call: { params?: Record<string, string> } = {},
): Promise<void> {
  const response = await requestRaw(address, call);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  // The download has its own hold on the data by then.
  setTimeout(() => URL.revokeObjectURL(link.href), HELD_MS);
}
