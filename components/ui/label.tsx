import type { ComponentProps } from "react";
import { cn } from "./cn";

export function Label({ className, htmlFor, ...props }: ComponentProps<"label"> & { htmlFor: string }) {
  // biome-ignore lint/a11y/noLabelWithoutControl: the control is named by htmlFor, which the type asks for.
  return <label htmlFor={htmlFor} className={cn("font-medium text-sm leading-none", className)} {...props} />;
}
