// Gives the definition to the person as a file.
import { requestRaw } from "../api/request.ts";

export async function exportWorkflow(
  { id, name }: { id: string; name: string },
  format: "json" | "yaml",
): Promise<void> {
  const response = await requestRaw("get /api/v1/workflows/:id/export", {
    params: { id },
    query: { format },
  });
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = `${name.replace(/[\\/:*?"<>|]/g, "-")}.${format}`;
  link.click();
  // The download has its own hold on the data by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
