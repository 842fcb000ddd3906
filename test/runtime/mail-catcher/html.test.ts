import { describe, expect, it } from 'vitest';

import { html, toDocument } from '../../../src/runtime/mail-catcher/html.ts';

const textOf = (body: Parameters<typeof toDocument>[0]['body']): string => toDocument({ title: '', body });

describe('html', () => {
  it('escapes what would end a text or an attribute', () => {
    expect(textOf(html`<b title="${`"'`}">${'<script>&'}</b>`)).toContain('<b title="&quot;&#39;">&lt;script&gt;&amp;</b>');
  });

  it('takes markup of its own making as it is, alone and in lists', () => {
    const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
    expect(
      textOf(
        html`<ul>
          ${items}
        </ul>`,
      ),
    ).toContain('<li>a</li><li>&lt;b&gt;</li>');
    expect(textOf(html`<p>${html`<i>one</i>`}</p>`)).toContain('<p><i>one</i></p>');
  });

  it('escapes the title of a page', () => {
    expect(toDocument({ title: '</title><script>', body: html`` })).toContain('<title>&lt;/title&gt;&lt;script&gt;</title>');
  });
});
