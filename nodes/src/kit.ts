// What a node type outside of this library is made with. Such a file exports a function that is given the kit, so
// that it needs no package: `export default (kit: Kit) => kit.defineNode({...})`.
import { ActivityError, defineNode, type NodeModule } from "./defineNode.ts";
import { nodeErrors } from "./errors/nodeErrors.ts";
import { withData, withField } from "./fieldValues.ts";
import { fieldsOf, getPath, setPath } from "./paths.ts";
import { readConfig, show, wrongData, wrongParameter } from "./readConfig.ts";
import { pathField, z } from "./schema.ts";
import { createSteps } from "./steps.ts";

export const kit = {
  ...{ defineNode, nodeErrors, ActivityError, createSteps, z, pathField },
  ...{ readConfig, show, wrongData, wrongParameter },
  ...{ fieldsOf, getPath, setPath, withData, withField },
};
export type Kit = typeof kit;
export type MakeNode = (given: Kit) => NodeModule;
