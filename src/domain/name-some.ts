/** The first names of many, and how many there are besides: `SOC-1, SOC-2 and 40 more`. */
export function nameSome(names: readonly string[], most = 5): string {
  const more = names.length - most;
  return `${names.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
