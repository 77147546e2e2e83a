const minChars = 10;
const maxChars = 200;
const minDistinctChars = 4;

export interface PasswordRule {
  text: string;
  isMet: boolean;
}

/** What the server asks of a password, said before it has to refuse one. The server's own check decides. */
export function checkPassword(password: string, repeated: string): PasswordRule[] {
  return [
    { text: `At least ${minChars} characters`, isMet: password.length >= minChars && password.length <= maxChars },
    { text: "Not the same few characters over and over", isMet: new Set(password).size >= minDistinctChars },
    { text: "The same in both fields", isMet: password !== "" && password === repeated },
  ];
}
