export function toPlainText(text: string): string {
  return text
    .replace(/<(br|\/p|\/tr|\/li)[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('__siteIcon__', '')
    .trim();
}
