import markdownIt from 'markdown-it';

/** Names out of a database are no markup: what the report itself is made of, and nothing besides. */
const markdown = markdownIt({html: false}).disable([
  'link',
  'image',
  'autolink',
  'emphasis',
  'strikethrough',
  'entity',
  'escape',
  'reference',
  'lheading',
  'hr',
]);

markdown.renderer.rules['table_open'] = () => '<div class="table"><table>\n';
markdown.renderer.rules['table_close'] = () => '</table></div>\n';

/** A part of the report, from Markdown into HTML. Pure. */
export function markupOf(text: string): string {
  return markdown.render(text);
}

/** Text as HTML shows it. Pure. */
export function escapeHtml(text: string): string {
  return markdown.utils.escapeHtml(text);
}
