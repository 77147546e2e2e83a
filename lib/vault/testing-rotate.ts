import { type Rotation, type RotationOptions, rotateMasterKey } from "./rotate";

/** A rotation that gives nobody time to finish: what is under way at its end has to come through all the same. */
export function rotateNow(onProgress?: RotationOptions["onProgress"]): Promise<Rotation> {
  return rotateMasterKey({ settleMs: 0, ...(onProgress ? { onProgress } : {}) });
}
