import { calendarAnswers } from "./describe-calendar";
import { moneyAnswers } from "./describe-money";
import { spokenAnswers } from "./describe-text";

/** Answers for tools whose outputs are known here; null where one is of another shape, which is then told like any other. */
export const knownAnswers: Readonly<Record<string, (output: unknown) => string | null>> = {
  ...calendarAnswers,
  ...moneyAnswers,
  ...spokenAnswers,
};
