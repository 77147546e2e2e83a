import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { currentViewer } from "@/lib/auth/viewer";
import { isFirstRun } from "@/lib/auth/first-run";
import { SignInForm } from "./sign-in-form";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage() {
  if (await isFirstRun()) redirect("/welcome");
  if (await currentViewer()) redirect("/chat");
  return (
    <>
      <h1 className="font-semibold text-2xl tracking-tight">Sign in</h1>
      <SignInForm />
    </>
  );
}
