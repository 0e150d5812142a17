import { DatabaseError } from 'pg';
import { StoreFailure, StoreRefusal } from '../../domain/failure.ts';
import type { PostgresPlace } from './postgres.ts';

type Named = Pick<PostgresPlace, 'name' | 'host' | 'port' | 'user' | 'database'>;

/** Classes of SQLSTATE that speak of the server or of rights, not of our statement (PostgreSQL 18, Appendix A). */
const OF_THE_SERVER = /^(08|28|3D|42501|53|55P03|57|58|25006|25P0[34])/;

/** Data exceptions, a missing value, limits of the program such as the size of an index entry (Appendix A). */
const OF_THE_VALUES = /^(22|23502|54)/;

/**
 * A driver's error in words for people. What the server says of a statement of ours is a fault of ours, and stays as it
 * is.
 */
export function toStoreFailure(error: unknown, when: 'connecting' | 'asking' | 'committing', place: Named): Error {
  const { code = '', message = String(error) } = (error ?? {}) as { code?: string; message?: string };
  const isOurs = error instanceof DatabaseError && !OF_THE_SERVER.test(code);
  if (isOurs && when !== 'connecting')
    return OF_THE_VALUES.test(code)
      ? new StoreRefusal(`the store takes no such value: ${message}`, { cause: error })
      : error;
  const [why, mend] = reasonOf(code, message, place);
  const { name } = place;
  if (when === 'connecting') return new StoreFailure(`the store ${name} cannot be reached: ${why}`, mend, error);
  if (error instanceof DatabaseError && error.severity !== 'FATAL' && error.severity !== 'PANIC')
    return new StoreFailure(`the store ${name} does not do what it is asked: ${why}`, mend, error);
  const known =
    when === 'committing'
      ? 'while a commit was under way, so that it is not known whether it took hold'
      : 'and what was under way did not take hold';
  return new StoreFailure(`the connection to the store ${name} was lost (${why}), ${known}`, mend, error);
}

function reasonOf(code: string, message: string, { host, port, user, database }: Named): [why: string, mend?: string] {
  switch (code) {
    case 'ECONNREFUSED':
      return [`nothing listens at ${host}:${port}`, 'start Postgres, or mend `store`'];
    case 'ENOENT':
      return [`there is no socket of Postgres in ${host}`, 'start Postgres, or mend `store`'];
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return [`the name ${host} is not known here`, 'mend `store`, or this machine’s name service'];
    case '28P01':
    case '28000':
      return [`user ${user} is refused (${message})`, 'check the user and the password that `store` refers to'];
    case '3D000':
      return [`there is no database ${database}`, `create it: createdb --owner=${user} ${database}`];
    case '42501':
      return [message, `give user ${user} the rights that docs/postgres.md lists`];
    case '53300':
      return [`it has no connection left (${message})`, 'raise max_connections, or run fewer processes'];
    case '57P01':
    case '57P02':
    case '57P03':
      return [message];
    case '25006':
      return ['it only lets itself be read', 'name the server that takes writes, not its standby'];
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return [`its certificate is not for ${host}`, 'write the name that the certificate has'];
    default:
      return otherwise(message);
  }
}

function otherwise(message: string): [why: string, mend?: string] {
  if (/does not support SSL/i.test(message))
    return ['it offers no encryption', 'switch ssl on in postgresql.conf (docs/postgres.md)'];
  if (/password must be a/i.test(message))
    return ['it asks for a password, and `store` has none', `write postgres://USER:\${env:NAME}@HOST/DATABASE`];
  if (/certificate/i.test(message))
    return [
      `its certificate is not trusted (${message})`,
      'name the authority’s file with sslrootcert=FILE in `store`',
    ];
  if (/timeout|timed out/i.test(message)) return ['it does not answer in time'];
  return [message];
}
