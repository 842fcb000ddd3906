import { fileURLToPath } from 'node:url';
import { Liquid } from 'liquidjs';

/** The parts of one mail. */
export interface RenderedMail {
  /** One line, no control characters. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Renders a mail from the files `templates/<name>/{subject,text,html}.liquid`. */
export type RenderMail = (name: string, variables: object) => Promise<RenderedMail>;

const TEMPLATES = fileURLToPath(new URL('./templates', import.meta.url));

/**
 * Templates are logic-less files, variables are data: escaped in HTML, own properties only, never read as a template again.
 * Rendering is bounded in time and memory.
 */
export function createMailTemplates(root: string = TEMPLATES): RenderMail {
  const common = {
    root,
    extname: '.liquid',
    cache: true,
    ownPropertyOnly: true,
    relativeReference: false,
    dynamicPartials: false,
    renderLimit: 1_000,
    memoryLimit: 1e7,
  };
  const plain = new Liquid(common);
  const escaping = new Liquid({ ...common, outputEscape: 'escape' });
  return async (name, variables) => {
    const render = async (engine: Liquid, part: string): Promise<string> => String(await engine.renderFile(`${name}/${part}`, variables));
    const [subject, text, html] = await Promise.all([render(plain, 'subject'), render(plain, 'text'), render(escaping, 'html')]);
    return { subject: subject.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim(), text, html };
  };
}
