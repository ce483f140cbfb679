// Every code that the nodes of the library throw themselves. A code means the same wherever it stands.
import type { ErrorAbout } from "./nodeErrors.ts";

const data = {
  DATA_INVALID: no(
    "The data of the item does not suit the node.",
    "Correct the data or the field that is named.",
  ),
  DATA_MALFORMED: sometimes(
    "The text or file does not have the form it should have.",
    "The message says where; look at what made it.",
  ),
  TEXT_TOO_LONG: no("A text is longer than a step takes in one go.", "Split it, or use a code step."),
  DATE_RANGE: no("A date moves out of the years 0 to 9999.", "Correct the amount."),
  ITEMS_BOUND: no("There would be more items than the bound.", "Make fewer, or raise the bound."),
  ITEM_TOO_LARGE: no("One item alone is larger than a batch.", 'Take fields away, or raise "bytesMax".'),
  ROWS_BOUND: no("There are more rows than the bound.", 'Ask for fewer, or raise "rowsMax".'),
  ARCHIVE_TOO_LARGE: no(
    "What is packed or unpacked is larger than the bound.",
    "Raise it if you trust the file.",
  ),
  SCHEMA_INVALID: no("The JSON Schema is not sound.", "Correct it where the message says."),
  RULES_GAP: no("No rule fits.", 'Add a rule or "otherwise", or set "whenNone" to "port".'),
  RULES_OVERLAP: no("Several rules fit, but only one may.", "Make them narrower."),
  LOOP_BOUND: no(
    "The loop would run more often than its bound.",
    "Raise the bound, or correct the condition.",
  ),
  NOT_A_LIST: no("What the loop goes over is no list.", "Give it a list."),
  NOT_A_BOOLEAN: no("The condition gives neither true nor false.", "Compare, instead of naming a value."),
  STOPPED: no("The workflow says so; the code may be one of its own.", "Read its message."),
  COMPENSATION_FAILED: no("A step was not undone.", "Undo it by hand."),
  SUBWORKFLOW_UNKNOWN: no("There is no published workflow of this name.", "Publish it, or correct the name."),
  SUBWORKFLOW_DEPTH: no(
    "Workflows call each other too deep.",
    "Look for one that calls itself without an end.",
  ),
  CHILD_ENDED: no("The called workflow was cancelled or ended from outside.", "Look at its execution."),
} as const;

const network = {
  "HTTP_<status>": sometimes(
    "The service answered with this status.",
    "408, 429 and 5xx may pass; else correct it.",
  ),
  PAGES_BOUND: no("There are more pages than the bound.", 'Raise it, or set "paging.whenMore" to "stop".'),
  FIRESTORE_REPLY: yes("The reply of Firestore is no JSON.", 'Check "service".'),
  JWT_EXPIRED: no("The token has expired.", "Get a new one."),
  JWT_SIGNATURE: no("The signature is not of this key.", "Check the key."),
  JWT_ALGORITHM: no("The token is signed in a way that does not count here.", 'Check "algorithms".'),
  JWT_KEY_UNKNOWN: no("The token names no key, or one that is not published.", 'Check "keysUrl".'),
  JWT_MALFORMED: no("The text is no signed JWT.", "Check where it comes from."),
  JWT_CLAIM: no("A claim of the token is not what it must be.", "The message names it."),
  MAIL_AUTH: no("The mail server did not accept the sign-in.", "Check user and password."),
  MAIL_TLS: no(
    "There is no safe connection to the mail server.",
    'Port 465 wants "encryption" tls, others startTls.',
  ),
  MAIL_ADDRESS: no("The mail server took no recipient.", "Check the addresses."),
  MAIL_TIMEOUT: yes("The mail server did not answer in time.", "Check host, port and firewalls."),
  MAIL_CONNECTION: yes("The conversation with the mail server broke off.", "Check host, port and firewalls."),
  "SMTP_<status>": sometimes("The mail server did not take the mail.", "4xx may pass; else read its answer."),
} as const;

const databases = {
  "SQL_<state>": sometimes("PostgreSQL says so, by its SQLSTATE.", "The message is the database's own."),
  "SQLITE_<code>": sometimes("SQLite says so, by its result code.", "The message is the database's own."),
  SQL_TIMEOUT: yes("The statement took too long.", 'Make it cheaper, or raise "timeoutSeconds".'),
  SQL_PARAMETERS: no("The parameters do not fit the statement.", "Give as many as it has places."),
  SQL_SEVERAL: no("There is more than one statement.", "Use one node for each."),
  SQL_DIED: yes("The process of the statement ended.", "Read fewer rows, or in parts."),
  DATABASE_TLS: no("There is no safe connection to the database.", 'Check "encryption" and "ca".'),
  DATABASE_TIMEOUT: yes("The database did not answer in time.", "Check host and port."),
  DATABASE_CONNECTION: yes("The connection to the database failed.", "Check that it is running."),
  "REDIS_<word>": sometimes("Redis refused the command.", "The message is the server's own."),
  REDIS_TLS: no("The connection to Redis could not be encrypted.", 'Use redis://, or give "ca".'),
  REDIS_CONNECTION: yes("The connection to Redis failed.", "Check that the server is running."),
  REDIS_TIMEOUT: yes("Redis did not answer in time.", 'Look at the server, or raise "timeoutSeconds".'),
} as const;

const diskErrors = {
  FILE_NOT_FOUND: no("The file is not there.", "Paths are relative to the file area."),
  FILE_IS_FOLDER: no("The path is a folder.", "Name a file inside it."),
  FILE_NOT_ALLOWED: no("The file may not be used by AuraOS.", "Look at the rights of the file."),
  DISK_FULL: no("The disk is full.", "Make room on it."),
} as const;

const ai = {
  AI_KEY_MISSING: no("There is no key for the model.", "Choose a connection, or give apiKey."),
  AI_KEY_INVALID: no("The service did not accept the key.", "Check it."),
  AI_FORBIDDEN: no("The key may not do this.", "Check what it may use."),
  AI_NOT_FOUND: no("The service has no such model, or is somewhere else.", "Check model and baseUrl."),
  AI_QUOTA: no("The account has no money or quota left.", "Add some."),
  AI_RATE_LIMITED: yes("Too many requests.", "Let the node retry, or run fewer items at once."),
  AI_SERVER: yes("The service has trouble.", "Another attempt may help."),
  AI_TOO_LONG: no("The text is longer than the model or the node takes.", "Shorten it, or raise the bound."),
  AI_REFUSED: no("The model refused to answer.", "Look at the text and the instructions."),
  AI_CUT_OFF: no("The answer was cut off.", "Raise maxTokens, or ask for less."),
  AI_MALFORMED: yes("The reply is no chat completion.", "Check that baseUrl leads to such a server."),
  "AI_HTTP_<status>": no("The service did not take the request.", "Its words say why."),
  AI_ANSWER_INVALID: yes(
    "The answer has not the right form.",
    "Describe the fields, or use a stronger model.",
  ),
  AI_STEPS_MAX: no(
    "The agent had no answer after its steps.",
    "Describe the tools better, or raise stepsMax.",
  ),
  AI_TOKENS_MAX: no("The agent has used up its tokens.", "Raise tokensMax."),
  AI_COST_MAX: no("The agent has used up its money.", "Raise costMax."),
  AI_APPROVAL: no("A person must allow a tool call; the step waits for it.", "Retry allows the call."),
  AI_TOOL_UNKNOWN: no("Whether a tool call took effect is not known.", "Look at the service, then decide."),
} as const;

const codeSteps = {
  CODE_THREW: no("The code threw an error.", "Correct it, or handle the case in it."),
  CODE_SYNTAX: no("The code is not valid.", "Correct it at the marked place."),
  CODE_RESULT: no("The code returned something that is no data.", "Return an object, or a list of objects."),
  CODE_NEVER_SETTLED: no(
    "The code waits for something that never happens.",
    "Use Wait and HTTP nodes for it.",
  ),
  CODE_TIME_LIMIT: no(
    "The code computed for too long.",
    "Look for a loop that does not end, or give it fewer items.",
  ),
  CODE_MEMORY_LIMIT: no("The code needed too much memory.", "Give it fewer items."),
  CODE_STACK_LIMIT: no("Functions called each other too deeply.", "Use a loop instead."),
  CODE_INPUT_LIMIT: no("The items are larger than code gets.", "Keep only the fields it needs."),
  CODE_OUTPUT_LIMIT: no("The result is too large or too deep.", "Return less."),
  CODE_TOO_LONG: no("The code itself is too long.", "Put data into variables or a table."),
  CODE_CRASHED: no("The code broke its sandbox.", "Look for very large or deep values."),
  CODE_UNAVAILABLE: yes("The code runner cannot take it now.", "Another attempt may help."),
} as const;

export const libraryErrors = { ...data, ...network, ...databases, ...diskErrors, ...ai, ...codeSteps };
export type LibraryCode = keyof typeof libraryErrors;

function no(meaning: string, remedy: string): ErrorAbout {
  return { meaning, remedy, retryable: false };
}

function yes(meaning: string, remedy: string): ErrorAbout {
  return { meaning, remedy, retryable: true };
}

function sometimes(meaning: string, remedy: string): ErrorAbout {
  return { meaning, remedy, retryable: "sometimes" };
}
