// The node library: every node type, found by its id.
import { aggregateNode } from "./aggregate/node.ts";
import { aiAgent, useNodeTypes } from "./ai/agent/node.ts";
import { aiChat } from "./ai/chat/node.ts";
import { aiClassify } from "./ai/classify/node.ts";
import { aiExtract } from "./ai/extract/node.ts";
import { aiMemory } from "./ai/memory/node.ts";
import { aiModel } from "./ai/model/node.ts";
import { aiOutputParser } from "./ai/outputParser/node.ts";
import { aiSummarise } from "./ai/summarise/node.ts";
import { aiToolHttp } from "./ai/tool/http/node.ts";
import { aiToolNode } from "./ai/tool/node/node.ts";
import { aiToolWorkflow } from "./ai/tool/workflow/node.ts";
import { approvalNode } from "./approval/node.ts";
import { batchNode } from "./batch/node.ts";
import { breakNode } from "./break/node.ts";
import { codeNode } from "./code/node.ts";
import { compareNode } from "./compare/node.ts";
import { compressNode } from "./compress/node.ts";
import { continueNode } from "./continue/node.ts";
import { csvNode } from "./csv/node.ts";
import { dateNode } from "./date/node.ts";
import { decompressNode } from "./decompress/node.ts";
import { dedupeNode } from "./dedupe/node.ts";
import type { NodeModule } from "./defineNode.ts";
import { emailNode } from "./email/node.ts";
import { encodeNode } from "./encode/node.ts";
import { eventPublish } from "./event/publish/node.ts";
import { eventWait } from "./event/wait/node.ts";
import { fileDelete } from "./file/delete/node.ts";
import { fileList } from "./file/list/node.ts";
import { fileRead } from "./file/read/node.ts";
import { fileWrite } from "./file/write/node.ts";
import { filterNode } from "./filter/node.ts";
import { firestoreNode } from "./firestore/node.ts";
import { foreachBlock } from "./foreach/node.ts";
import { formNode } from "./form/node.ts";
import { groupNode } from "./group/node.ts";
import { hashNode } from "./hash/node.ts";
import { htmlNode } from "./html/node.ts";
import { httpNode } from "./http/node.ts";
import { ifNode } from "./if/node.ts";
import { jsonNode } from "./json/node.ts";
import { jwtNode } from "./jwt/node.ts";
import { limitNode } from "./limit/node.ts";
import { lookupNode } from "./lookup/node.ts";
import { markdownNode } from "./markdown/node.ts";
import { mergeNode } from "./merge/node.ts";
import { noopNode } from "./noop/node.ts";
import { noteNode } from "./note/node.ts";
import { numberNode } from "./number/node.ts";
import { parallelBlock } from "./parallel/node.ts";
import { postgresNode } from "./postgres/node.ts";
import { redisNode } from "./redis/node.ts";
import { renameNode } from "./rename/node.ts";
import { respondNode } from "./respond/node.ts";
import { rowsNode } from "./rows/node.ts";
import { rssNode } from "./rss/node.ts";
import { rulesNode } from "./rules/node.ts";
import { sagaBlock } from "./saga/node.ts";
import { setNode } from "./set/node.ts";
import { sortNode } from "./sort/node.ts";
import { splitNode } from "./split/node.ts";
import { sqliteNode } from "./sqlite/node.ts";
import { stopNode } from "./stop/node.ts";
import { subworkflowNode } from "./subworkflow/node.ts";
import { switchNode } from "./switch/node.ts";
import { tableNode } from "./table/node.ts";
import { templateNode } from "./template/node.ts";
import { textNode } from "./text/node.ts";
import { errorTrigger } from "./trigger/error/node.ts";
import { eventTrigger } from "./trigger/event/node.ts";
import { fileTrigger } from "./trigger/file/node.ts";
import { formTrigger } from "./trigger/form/node.ts";
import { joinTrigger } from "./trigger/join/node.ts";
import { manualTrigger } from "./trigger/manual/node.ts";
import { pollTrigger } from "./trigger/poll/node.ts";
import { postgresTrigger } from "./trigger/postgres/node.ts";
import { redisTrigger } from "./trigger/redis/node.ts";
import { rssTrigger } from "./trigger/rss/node.ts";
import { scheduleTrigger } from "./trigger/schedule/node.ts";
import { webhookTrigger } from "./trigger/webhook/node.ts";
import { workflowTrigger } from "./trigger/workflow/node.ts";
import { tryBlock } from "./try/node.ts";
import { uuidNode } from "./uuid/node.ts";
import { validateNode } from "./validate/node.ts";
import { waitNode } from "./wait/node.ts";
import { whileBlock } from "./while/node.ts";
import { xlsxRead } from "./xlsx/read/node.ts";
import { xlsxWrite } from "./xlsx/write/node.ts";
import { xmlNode } from "./xml/node.ts";
import { yamlNode } from "./yaml/node.ts";

export { configSchema } from "./configSchema.ts";
export {
  type ActivityCall,
  type ActivityContext,
  ActivityError,
  type AreaFile,
  type BlobStore,
  type ByteRange,
  type CodeRunner,
  type Confirmation,
  type DataTables,
  defineNode,
  type FileArea,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
  type HttpStream,
  type ListenContext,
  type NodeModule,
  type TableChange,
  type TableFilter,
  type TableWritten,
  type TakenMessage,
} from "./defineNode.ts";

/** In the order of the palette. */
const all: NodeModule[] = [
  manualTrigger,
  webhookTrigger,
  formTrigger,
  scheduleTrigger,
  eventTrigger,
  workflowTrigger,
  joinTrigger,
  redisTrigger,
  postgresTrigger,
  fileTrigger,
  rssTrigger,
  pollTrigger,
  errorTrigger,
  httpNode,
  rssNode,
  emailNode,
  postgresNode,
  sqliteNode,
  redisNode,
  firestoreNode,
  tableNode,
  aiChat,
  aiExtract,
  aiClassify,
  aiSummarise,
  aiAgent,
  aiModel,
  aiMemory,
  aiOutputParser,
  aiToolHttp,
  aiToolWorkflow,
  aiToolNode,
  codeNode,
  fileRead,
  fileWrite,
  fileList,
  fileDelete,
  compressNode,
  decompressNode,
  xlsxRead,
  xlsxWrite,
  jwtNode,
  setNode,
  renameNode,
  filterNode,
  sortNode,
  limitNode,
  dedupeNode,
  splitNode,
  aggregateNode,
  groupNode,
  batchNode,
  templateNode,
  textNode,
  numberNode,
  dateNode,
  mergeNode,
  lookupNode,
  compareNode,
  rowsNode,
  csvNode,
  jsonNode,
  xmlNode,
  yamlNode,
  htmlNode,
  markdownNode,
  hashNode,
  encodeNode,
  uuidNode,
  noopNode,
  noteNode,
  ifNode,
  switchNode,
  validateNode,
  rulesNode,
  foreachBlock,
  whileBlock,
  breakNode,
  continueNode,
  parallelBlock,
  tryBlock,
  sagaBlock,
  waitNode,
  eventWait,
  eventPublish,
  approvalNode,
  formNode,
  subworkflowNode,
  respondNode,
  stopNode,
];

export const nodeTypes: readonly NodeModule[] = all;

const byType = new Map(all.map((module) => [module.type, module]));

/** Node types of the operator's own; their ids are checked by whoever loads them. */
export function addNodeTypes(modules: readonly NodeModule[]): void {
  for (const module of modules) {
    if (byType.has(module.type)) continue;
    all.push(module);
    byType.set(module.type, module);
  }
}

export function findNodeType(type: string): NodeModule | undefined {
  return byType.get(type);
}

useNodeTypes(findNodeType);
