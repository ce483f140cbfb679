export const SBOM_FILE: string;
export function sbomOf(lockText: string): string;
