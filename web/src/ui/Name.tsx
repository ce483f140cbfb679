// What somebody called something, within a line of the app: in its own direction, and without a way to turn the line around.
import { withTurnsShown } from "../i18n/directions.ts";

export function Name({ of }: { of: string }) {
  return <bdi>{withTurnsShown(of)}</bdi>;
}
