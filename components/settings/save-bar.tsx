import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";

interface Props {
  isBusy: boolean;
  isSaved: boolean;
  failure: string | null;
  /** Further buttons. */
  children?: React.ReactNode;
}

/** The end of a form that is saved as a whole, and what came of it. */
export function SaveBar({ isBusy, isSaved, failure, children }: Props) {
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button type="submit" disabled={isBusy}>
        {isBusy ? "Saving…" : "Save"}
      </Button>
      {children}
      <FailureNote text={failure} />
      <p role="status" className="text-primary text-sm">
        {isSaved && !isBusy ? "Saved." : ""}
      </p>
    </div>
  );
}
