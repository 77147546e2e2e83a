/**
 * Can what is stored be opened with the configured key? `locked`: it was sealed with another one; `no-key`: there is none that can
 * be used; `unknown`: nobody can look now.
 */
export type VaultState = "open" | "locked" | "no-key" | "unknown";
