/** A shoot with two leaves. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      aria-hidden="true"
      className={className}
      stroke="currentColor"
      strokeWidth={1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d="M12 21v-9.500M12 14.500c-4.600 0-7-2.400-7-7 4.600 0 7 2.400 7 7Zm0-3c0-4.500 2.300-7 7-7 0 4.700-2.500 7-7 7Z" />
    </svg>
  );
}
