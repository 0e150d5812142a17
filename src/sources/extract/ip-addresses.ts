export function findIpAddresses(text: string): { addresses: string[]; networks: string[] } {
  const found = text.match(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g) ?? [];
  return { addresses: [...new Set(found)], networks: [] };
}
