// Which open waits need a person: approvals and steps that stopped for a decision. A signal or a call comes from
// another system.
export function isForPeople({ kind }: { kind: string }): boolean {
  return kind === "approval" || kind === "parked";
}
