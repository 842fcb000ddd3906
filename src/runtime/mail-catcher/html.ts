const TRUSTED = Symbol('markup that is already escaped');

/** Markup that may stand in a page as it is; only `html` makes it. */
export interface Html {
  readonly [TRUSTED]: string;
}

/** What may stand in a template: markup as it is, everything else escaped. */
export type HtmlValue = string | number | Html | readonly Html[];

/**
 * Markup from a template: every value that is not markup itself is escaped, for text and for attributes in double quotes.
 * Values must not stand in scripts, styles, URLs' schemes, comments or unquoted attributes.
 */
export function html(template: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const parts = template.map((text, index) => text + (index < values.length ? toMarkup(values[index] ?? '') : ''));
  return { [TRUSTED]: parts.join('') };
}

/** A whole page as text. */
export function toDocument({ title, head = html``, body }: { readonly title: string; readonly head?: Html; readonly body: Html }): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="stylesheet" href="/style.css" />
        <link rel="icon" href="data:," />
        ${head}
      </head>
      <body>
        ${body}
      </body>
    </html> `;
  return page[TRUSTED];
}

function toMarkup(value: HtmlValue): string {
  if (typeof value === 'string') return escape(value);
  if (typeof value === 'number') return String(value);
  if (isMarkup(value)) return value[TRUSTED];
  return value.map((item) => item[TRUSTED]).join('');
}

/** Array.isArray does not narrow readonly arrays. */
function isMarkup(value: Html | readonly Html[]): value is Html {
  return !Array.isArray(value);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}
