/** Whether a host names this machine alone: RFC 6761 §6.3 (localhost), RFC 1122 §3.2.1.3 (127/8), RFC 4291 §2.5.3 (::1); IPv6 with brackets or without. */
export function isLoopback(host: string): boolean {
  return /^(localhost|\[::1\]|::1)$/i.test(host) || /^127(\.\d{1,3}){3}$/.test(host);
}
