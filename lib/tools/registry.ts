import type { Tool } from "@/lib/contracts/tool";
import type { Viewer } from "@/lib/contracts/viewer";
import { isDatabaseOutage } from "@/lib/db/statement";
import { logger } from "@/lib/logger";
import { listModuleTools } from "@/lib/module-host/tools";
import { buildModule } from "./builtin/build-module";
import { currentTime } from "./builtin/current-time";
import { executeCodeTool } from "./builtin/execute-code";
import { listModulesTool } from "./builtin/list-modules";
import { loadWebPage } from "./builtin/load-web-page";
import { searchKnowledge } from "./builtin/search-knowledge";
import { solveMath } from "./builtin/solve-math";
import { storeKnowledge } from "./builtin/store-knowledge";
import { disableModule, enableModule, rollbackModule } from "./builtin/switch-module";
import { createEventTool } from "./calendar/create-event";
import { deleteEventTool } from "./calendar/delete-event";
import { findFreeTimeTool } from "./calendar/find-free-time";
import { listEventsTool } from "./calendar/list-events";
import { searchEventsTool } from "./calendar/search-events";
import { updateEventTool } from "./calendar/update-event";
import { getCommuteTime } from "./day/get-commute-time";
import { getDailyBriefing } from "./day/get-daily-briefing";
import { getUserContext } from "./day/get-user-context";
import { getWeather } from "./day/get-weather";
import { planDayTool } from "./day/plan-day";
import { prepareMeetingTool } from "./day/prepare-meeting";
import { savePlace } from "./day/save-place";
import { webSearchTool } from "./day/web-search";
import { financeTools } from "./finance/finance-tools";

export const builtinTools: readonly Tool[] = [
  solveMath,
  currentTime,
  loadWebPage,
  executeCodeTool,
  storeKnowledge,
  searchKnowledge,
  listModulesTool,
  buildModule,
  enableModule,
  disableModule,
  rollbackModule,
  listEventsTool,
  searchEventsTool,
  findFreeTimeTool,
  createEventTool,
  updateEventTool,
  deleteEventTool,
  ...financeTools(() => new Date()),
  getUserContext,
  getDailyBriefing,
  planDayTool,
  prepareMeetingTool,
  getCommuteTime,
  getWeather,
  savePlace,
  webSearchTool,
];

/**
 * Everything that may be called for this viewer, right now: what is built in and what their active modules offer. A module
 * cannot take the name of a built-in tool, and a fault in the modules leaves the built-in tools working.
 */
export async function listTools(viewer: Viewer): Promise<Tool[]> {
  const tools = new Map(builtinTools.map((tool) => [tool.name, tool]));
  for (const tool of await moduleTools(viewer)) if (!tools.has(tool.name)) tools.set(tool.name, tool);
  return [...tools.values()];
}

async function moduleTools(viewer: Viewer): Promise<Tool[]> {
  try {
    return await listModuleTools(viewer);
  } catch (cause) {
    // Then nobody knows which tools there are: a call of one of them must wait and not be told that it does not exist.
    if (isDatabaseOutage(cause)) throw cause;
    logger.error({ room: "tools", userId: viewer.userId, cause }, "the tools of modules cannot be listed");
    return [];
  }
}
