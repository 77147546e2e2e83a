import { z } from "zod";

/** One thing that is wrong with a module: the same object for a person, the model and CI. */
export const findingSchema = z.object({
  /** manifest_invalid, type_error, import_denied, dynamic_code, size_limit, host_undeclared, no_tests, test_failed, output_invalid, secret_found, … */
  code: z.string(),
  file: z.string(),
  line: z.number().int().optional(),
  message: z.string(),
  /** What to do about it. */
  hint: z.string().optional(),
});
export type Finding = z.infer<typeof findingSchema>;
