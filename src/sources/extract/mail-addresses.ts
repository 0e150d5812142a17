export function findMailAddresses(text: string): string[] {
  return [...new Set((text.match(/[\w.+#'-]+@[\w.-]+\.[a-z]{2,}/gi) ?? []).map((address) => address.toLowerCase()))];
}
