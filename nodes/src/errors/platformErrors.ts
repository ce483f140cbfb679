// Errors of what the platform gives to nodes: whoever uses a part of it can fail with these. The parts themselves are in
// the server; a test there holds these lists against its source.
import type { ErrorAbout } from "./nodeErrors.ts";

export type ErrorGroup =
  | "every"
  | "activity"
  | "outbound"
  | "files"
  | "blobs"
  | "connection"
  | "tables"
  | "events"
  | "workflow";

type Group = Record<string, ErrorAbout>;

const every: Group = {
  PARAM_INVALID: no("A setting has a wrong value when the node runs.", "Correct the field that is named."),
  EXPRESSION_FAILED: no(
    "A template could not be computed; most kinds have a code of their own.",
    "The message says where; the editor shows the same.",
  ),
  NODE_BUG: no("The node failed in a way it did not foresee.", "Report it with the execution."),
};

const activity: Group = {
  TIMEOUT: yes("The step did not end in time.", "Allow it more time, or ask for less at once."),
  CANCELLED: no("The execution or the step was cancelled.", "Nothing, if it was meant."),
  NOT_SENT: yes("The step could not be sent within its time limit.", "Allow it more time."),
  MEMORY_LIMIT: no(
    "The step needed more memory than an activity may have.",
    "Pass large data as a file and stream it (Transform rows), or give the step fewer items.",
  ),
  ACTIVITY_CRASHED: no("The step broke the thread it ran in.", "Report it with the execution."),
  NO_WORKER: yes("No worker became free, or none has the label or node type.", "Start or add a worker."),
  WORKER_LOST: no(
    "The worker was lost, and whether the step took effect is not known.",
    "Look at the service, then decide.",
  ),
  WORKER_STOPPED: yes("The server ended while a worker ran the step.", "The next server goes on by itself."),
  WORKER_MESSAGE_TOO_LARGE: no(
    "The input or an answer is larger than a worker can be sent.",
    "Pass large data as a file.",
  ),
  OUTCOME_UNKNOWN: no(
    "The server ended while a `once` step was under way.",
    "Look at the service, then decide.",
  ),
};

const outbound: Group = {
  ADDRESS_REFUSED: no(
    "The host leads to a private, local or reserved address.",
    "If it is meant, the operator adds it to AURAOS_ALLOW_HOSTS.",
  ),
  INVALID_URL: no("This is not a URL, or the service redirects to something that is none.", "Correct it."),
  PROTOCOL_REFUSED: no("The URL is neither http nor https.", "Use one of these."),
  INVALID_REQUEST: no("The request cannot be sent as it is.", "Check method, path and headers."),
  DNS_FAILED: yes("The name of the host is not known.", "Check its spelling."),
  CONNECTION_REFUSED: yes("The host refused the connection.", "Check the port, and that the service runs."),
  CONNECTION_RESET: yes("The host closed the connection too early.", "Look at the logs of the service."),
  CONNECT_TIMEOUT: yes("The host did not accept a connection in time.", "Check host, port and firewalls."),
  UNREACHABLE: yes("There is no route to the host.", "Check the network of the server."),
  NETWORK_ERROR: yes("The connection failed in another way.", "The message says how."),
  TLS_FAILED: no("The encrypted connection could not be made.", "Check port and protocol."),
  TLS_EXPIRED: no("The certificate of the host has expired.", "Renew it there."),
  TLS_NOT_YET_VALID: no("The certificate of the host is not valid yet.", "Check both clocks."),
  TLS_NAME_MISMATCH: no("The certificate is for another name.", "Use the name it is for."),
  TLS_UNTRUSTED: no(
    "Nobody known vouches for the certificate.",
    "Mend it, or name its authority in NODE_EXTRA_CA_CERTS.",
  ),
  TOO_LARGE: no("The response is larger than its bound.", "Ask for less, or raise the bound of the node."),
  HEADERS_TOO_LARGE: no("The headers of the response are too large.", "Look at the service."),
  BODY_TRUNCATED: yes("The response ended before it was complete.", "Look at the logs of the service."),
  BODY_UNREADABLE: yes("The response does not unpack.", "Look at the service."),
  INVALID_RESPONSE: no("The answer is not HTTP.", "Check the port, and whether https is expected."),
  TOO_MANY_REDIRECTS: no("The service redirects too often.", "Look where the URL leads."),
  SHUTTING_DOWN: yes("The server is ending.", "The next server goes on by itself."),
};

const files: Group = {
  FILE_NOT_FOUND: no("The file is not there.", "Paths are relative to the file area."),
  FILE_IS_FOLDER: no("The path is a folder.", "Name a file inside it."),
  FILE_IS_NO_FOLDER: no("A part of the path is no folder.", "Name the folder that the file is in."),
  FILE_SPECIAL: no("The path is not an ordinary file.", "Use another file."),
  FILE_OUTSIDE: no("The path leads out of the file area.", "Use a relative path without .. and links."),
  FILE_PATH_INVALID: no("The path has a form that is not possible.", "Use one such as reports/week.csv."),
  FILE_READ_ONLY: no("There is no folder for writing.", "The operator sets AURAOS_FILES."),
  FILE_TOO_LARGE: no("The file is larger than files may be.", "Split it."),
  FILES_BOUND: no("There are more files than the bound.", 'Choose a smaller folder, or raise "filesMax".'),
};

const blobs: Group = {
  BLOB_NOT_FOUND: no("The file of the item is not in the store any more.", "Run the step that made it."),
  FILE_TOO_LARGE: no("The file is larger than files may be.", "Split it, or raise AURAOS_BLOB_MB."),
};

const connection: Group = {
  CONNECTION_MISSING: no("The node names no connection, or one that is not there.", "Choose one."),
  CONNECTION_TYPE: no("The connection is of a kind that does not fit.", "Choose one that fits."),
  CONNECTION_HOST: no(
    "The connection is not meant for this host.",
    "Add the host to it, if it belongs there.",
  ),
  CONNECTION_RECONNECT: no("The access of the connection has ended.", "Open it and connect it again."),
  CONNECTION_CLOSED: no("The connection could not be opened again.", "See /health/ready."),
};

const tables: Group = {
  TABLE_UNKNOWN: no("There is no data table of this name.", "Make it, or correct the name."),
  TABLE_INVALID: no("The columns of the table are not sound.", "Correct what the message names."),
  ROWS_INVALID: no("A row does not fit the columns.", "Correct what the message names."),
  ROWS_BOUND: no("These are too many rows for one write.", 'Write fewer at once; "Batches" makes lists.'),
  MATCH_INVALID: no("The columns to match by are not unique together.", "Match by a unique column."),
  QUERY_INVALID: no("The comparison does not suit the column.", "Correct what the message names."),
  TABLE_CHANGED: yes("The table was changed meanwhile.", "The next attempt sees it as it is."),
  VALUE_TAKEN: no("A column is unique, and another row has the value.", "Match on it, or use another value."),
  TABLE_FULL: no("The table has as many rows as it may.", "Delete rows that are not needed."),
  TABLE_DATABASE: yes("The database did not answer as it should.", "The next attempt may succeed."),
};

const events: Group = {
  EVENT_INVALID: no("The event is not sound.", "Correct the field that is named."),
  EVENT_NOT_PUBLISHED: yes("The event could not be stored.", "The next attempt may succeed."),
};

const workflow: Group = {
  WORKFLOW_UNKNOWN: no("There is no published workflow of this name.", "Publish it, or correct the name."),
  WORKFLOW_ITSELF: no("The workflow would start itself.", "Use another workflow as the tool."),
  WORKFLOW_INPUT_CHANGED: no("The call was made before with another input.", "Run the execution again."),
  OPEN_EXECUTIONS_LIMIT: yes("Too many executions are open.", "Another attempt may find room."),
  ORGANIZATION_RATE_LIMIT: yes(
    "The organization did more in a short time than it may.",
    "Another attempt may find room; or have the operator raise the limit.",
  ),
  CONCURRENCY_LIMIT: yes("The workflow runs as often at once as it may.", "Another attempt may find room."),
  BUSY: yes("The engine takes nothing more right now.", "Another attempt may find room."),
  WORKFLOW_OPEN: yes("The workflow has not ended in time; it goes on.", "Allow more time for it."),
  SUBWORKFLOW_DEPTH: no(
    "Workflows call each other too deep.",
    "Look for one that calls itself without an end.",
  ),
};

export const platformErrors: Record<ErrorGroup, Group> = {
  every,
  activity,
  outbound,
  files,
  blobs,
  connection,
  tables,
  events,
  workflow,
};

function no(meaning: string, remedy: string): ErrorAbout {
  return { meaning, remedy, retryable: false };
}

function yes(meaning: string, remedy: string): ErrorAbout {
  return { meaning, remedy, retryable: true };
}
