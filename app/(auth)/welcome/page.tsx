import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { isFirstRun } from "@/lib/auth/first-run";
import { WelcomeForm } from "./welcome-form";

export const metadata: Metadata = { title: "Welcome" };

export default async function WelcomePage() {
  if (!(await isFirstRun())) redirect("/sign-in");
  return (
    <>
      <h1 className="font-semibold text-2xl tracking-tight">Welcome</h1>
      <p className="mt-2 text-muted-foreground text-sm">
        This Burgeon is new and will belong to you. The account is kept here, on this machine, and nowhere else.
      </p>
      <WelcomeForm />
    </>
  );
}
