import type { ServiceConfig } from '../config/config.ts';
import { isLoopback } from '../config/loopback.ts';

/**
 * Whether a request's Host is one of ours: a loopback name, the address listened at, or that of `publicUrl`. Any other
 * may be a page's own name that was pointed at this machine (DNS rebinding), whose script would read our answers.
 */
export function isOwnHost(header: string | undefined, { listen, publicUrl }: ServiceConfig): boolean {
  const host = URL.parse(`http://${header ?? ''}/`)?.hostname;
  if (!host) return false;
  return (
    isLoopback(host) || host === listen.host || (publicUrl !== undefined && host === URL.parse(publicUrl)?.hostname)
  );
}
