// The examples of the repository that a person can start from. Their names and what they do stand in the catalogue.

/** Short ones that run without an account anywhere come first. */
export const templates = [
  "approval-with-timeout",
  "weekly-report",
  "support-triage",
  "order-fulfilment",
  "fan-out-join",
  "invoice",
  "deploy-message",
  "sales-mail",
  "contact-sync",
  "notify-many",
  "paged-harvest",
  "nested-loops",
  "privacy-clean-up",
] as const;

export type TemplateId = (typeof templates)[number];
