// The environment of the database programs. None of ours: PGDATA, PGPORT, LC_ALL, TZ of the person who starts
// AuraOS would change what initdb makes, and secrets in the environment have no business in another process.

export function databaseEnvironment(): Record<string, string> {
  return { PATH: process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C", LANG: "C", TZ: "UTC" };
}
