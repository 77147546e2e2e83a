import ts from "typescript";
import type { Finding } from "@/lib/contracts/finding";

interface Refusal {
  code: string;
  message: string;
  hint: string;
}

const suppressed: Refusal = {
  code: "check_suppressed",
  message: "Comments that switch the type check off are not allowed.",
  hint: "Correct the type instead; take `unknown` and look at what came.",
};
const reference: Refusal = {
  code: "reference_denied",
  message: "/// <reference> is not allowed: there are no other libraries.",
  hint: 'Import { … } from "@burgeon/sdk", or "./other-file" of this module.',
};
const ambient: Refusal = {
  code: "ambient_declaration",
  message: "`declare` promises the compiler something that will not be there when the code runs.",
  hint: "Declare interfaces and types; functions and values must be written or imported.",
};
const dynamic: Refusal = {
  code: "dynamic_code",
  message: "Code made out of text or loaded while running is not allowed: all code is in the files that are reviewed.",
  hint: "Write the code itself, or put the variants into an object and choose by name.",
};

/** What the compiler would let pass but a module must not do. One finding for each place. */
export function findPolicyFaults(source: ts.SourceFile, path: string): Finding[] {
  const findings: Finding[] = [];
  const refuse = ({ code, message, hint }: Refusal, at: number) =>
    findings.push({ code, file: path, line: source.getLineAndCharacterOfPosition(at).line + 1, message, hint });
  if (path.endsWith(".d.ts")) refuse(ambient, 0);
  for (const match of source.text.matchAll(/@ts-(?:ignore|nocheck|expect-error)\b/g)) refuse(suppressed, match.index);
  for (const { pos } of [
    ...source.referencedFiles,
    ...source.typeReferenceDirectives,
    ...source.libReferenceDirectives,
  ])
    refuse(reference, pos);
  if (source.hasNoDefaultLib) refuse(reference, 0);
  const visit = (node: ts.Node): void => {
    if (isAmbient(node)) refuse(ambient, node.getStart(source));
    else if (isDynamicCode(node)) refuse(dynamic, node.getStart(source));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return findings;
}

function isAmbient(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) ?? false)
  );
}

/** `import(…)`, `eval` and the global `Function` as values; not `x instanceof Function`, and not a property of that name. */
function isDynamicCode(node: ts.Node): boolean {
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (!ts.isIdentifier(node) || (node.text !== "eval" && node.text !== "Function")) return false;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node)
    return parent.expression.getText() === "globalThis";
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword)
    return parent.right !== node;
  const isName = "name" in parent && parent.name === node && !ts.isShorthandPropertyAssignment(parent);
  return !isName && !ts.isTypeReferenceNode(parent) && !ts.isTypeQueryNode(parent);
}
