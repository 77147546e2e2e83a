/** The name under which a module's compiled code appears in the guest's stack traces. */
export const moduleFile = "module.js";
