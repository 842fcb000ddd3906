import { styleText } from 'node:util';
import { toSourceUrl } from '../ingress/listener-url.ts';
import type { StackFacts } from '../runtime/stack-file.ts';

/** The one screen that tells where everything is, and what to try first. */
export function toScreen(stack: StackFacts, { colours }: { readonly colours: boolean }): string {
  const strong = (text: string): string => (colours ? styleText('bold', text, { validateStream: false }) : text);
  const rows: readonly (readonly [label: string, value: string | null])[] = [
    ['post to', toSourceUrl(stack.publicUrl, '<source>')],
    ['listens at', stack.publicUrl === stack.ingressUrl ? null : stack.ingressUrl],
    ['Temporal UI', stack.temporalUiUrl],
    ['metrics', `${stack.adminUrl}/metrics`],
    ['mails', stack.mailUrl],
    ['warehouse', stack.warehouseUrl],
  ];
  return [
    '',
    strong('Hookline is up.'),
    '',
    ...rows.flatMap(([label, value]) => (value === null ? [] : [`  ${label.padEnd(13)}${value}`])),
    '',
    'Try it, in another terminal:',
    '',
    `  ${strong('npm run hookline -- trigger shopify orders/create --wait')}`,
    '',
    'Ctrl-C stops everything; the data stay.',
    '',
  ].join('\n');
}
