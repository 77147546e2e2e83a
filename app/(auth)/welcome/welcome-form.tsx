"use client";

import { Check, Circle } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { ApiFailure, describeFailure, sendJson } from "@/components/api/send-json";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { signInHere } from "../sign-in-here";
import { checkPassword, type PasswordRule } from "./password-rules";

/** Makes the owner's account and signs in with it. */
export function WelcomeForm() {
  const [fields, setFields] = useState({ name: "", email: "", password: "", repeated: "" });
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<{ text: string; isClosed: boolean } | null>(null);
  const rules = checkPassword(fields.password, fields.repeated);
  const field = (name: keyof typeof fields) => ({
    id: name,
    name,
    required: true,
    value: fields[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) =>
      setFields((before) => ({ ...before, [name]: event.target.value })),
  });
  const submit = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const { name, email, password } = fields;
      await sendJson("POST", "/api/first-run", { name: name.trim(), email: email.trim(), password });
      const problem = await signInHere(email, password);
      if (!problem) return;
      setFailure({ text: `Your account was made, but signing in failed: ${problem}`, isClosed: true });
    } catch (error) {
      setFailure({ text: describeFailure(error), isClosed: error instanceof ApiFailure && error.code === "conflict" });
    }
    setBusy(false);
  };
  return (
    <form
      method="post"
      className="mt-6 flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div className="flex flex-col gap-2">
        <Label htmlFor="name">Name</Label>
        <Input {...field("name")} autoComplete="name" maxLength={100} autoFocus />
      </div>
      <div className="flex flex-col gap-2">
        <Label htmlFor="email">Email</Label>
        <Input {...field("email")} type="email" autoComplete="username" maxLength={200} aria-describedby="email-help" />
        <p id="email-help" className="text-muted-foreground text-xs">
          To sign in with. Burgeon sends no mail.
        </p>
      </div>
      <div className="flex flex-col gap-2">
        <Label htmlFor="password">Password</Label>
        <Input {...field("password")} type="password" autoComplete="new-password" aria-describedby="password-rules" />
      </div>
      <div className="flex flex-col gap-2">
        <Label htmlFor="repeated">Password again</Label>
        <Input {...field("repeated")} type="password" autoComplete="new-password" />
      </div>
      <PasswordRules rules={rules} />
      {failure && (
        <p role="alert" className="text-destructive text-sm">
          {failure.text}{" "}
          {failure.isClosed && (
            <Link href="/sign-in" className="font-medium underline underline-offset-4">
              Go to sign in
            </Link>
          )}
        </p>
      )}
      <Button type="submit" disabled={isBusy || rules.some((rule) => !rule.isMet)}>
        {isBusy ? "Making your account…" : "Create account"}
      </Button>
    </form>
  );
}

function PasswordRules({ rules }: { rules: PasswordRule[] }) {
  return (
    <ul id="password-rules" className="flex flex-col gap-1 text-muted-foreground text-xs">
      {rules.map(({ text, isMet }) => (
        <li key={text} className="flex items-center gap-2">
          {isMet ? (
            <Check aria-hidden className="size-3.5 text-success" />
          ) : (
            <Circle aria-hidden className="size-3.5" />
          )}
          {text}
          <span className="sr-only">{isMet ? "(met)" : "(not yet)"}</span>
        </li>
      ))}
    </ul>
  );
}
