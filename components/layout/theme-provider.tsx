"use client";

import { ThemeProvider as NextThemes } from "next-themes";

/** Light, dark or as the system says; the choice is kept in the browser. */
export function ThemeProvider({ nonce, children }: { nonce?: string; children: React.ReactNode }) {
  return (
    <NextThemes attribute="class" defaultTheme="system" enableSystem storageKey="burgeon.theme" nonce={nonce}>
      {children}
    </NextThemes>
  );
}
