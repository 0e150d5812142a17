import {
  type BinaryOperationNode,
  type ColumnDefinitionNode,
  type DatabaseIntrospector,
  type DataTypeNode,
  type Dialect,
  type Driver,
  type Kysely,
  OperatorNode,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  PrimitiveValueListNode,
  sql,
  ValueListNode,
} from 'kysely';

/** Kysely's Postgres with our driver, texts that compare by their bytes, and no other schema's tables. */
export function postgresDialect(createDriver: () => Driver): Dialect {
  return {
    createDriver,
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new Compiler(),
    createIntrospector: (db) => introspector(db),
  };
}

/**
 * Gives every text column the collation "C", so that texts are ordered as SQLite and JavaScript order them, whatever
 * the database's own collation is: paging by key goes on from the last key by that order.
 */
class Compiler extends PostgresQueryCompiler {
  #inColumn = false;

  protected override visitColumnDefinition(node: ColumnDefinitionNode): void {
    this.#inColumn = true;
    super.visitColumnDefinition(node);
    this.#inColumn = false;
  }

  /** An empty list holds nothing: SQLite takes it as it is written, Postgres calls it a mistake. */
  protected override visitBinaryOperation(node: BinaryOperationNode): void {
    const { operator, rightOperand } = node;
    const word = OperatorNode.is(operator) ? operator.operator : undefined;
    const isEmpty =
      (PrimitiveValueListNode.is(rightOperand) || ValueListNode.is(rightOperand)) && rightOperand.values.length === 0;
    if (isEmpty && (word === 'in' || word === 'not in')) this.append(word === 'in' ? 'false' : 'true');
    else super.visitBinaryOperation(node);
  }

  protected override visitDataType(node: DataTypeNode): void {
    super.visitDataType(node);
    if (this.#inColumn && node.dataType === 'text') this.append(' collate "C"');
  }
}

/** A table of the same name in another schema of the database says nothing of ours. */
// biome-ignore lint/suspicious/noExplicitAny: as Kysely has it; it is asked for any database.
function introspector(db: Kysely<any>): DatabaseIntrospector {
  const all = new PostgresIntrospector(db);
  return {
    getSchemas: () => all.getSchemas(),
    async getTables(options) {
      const { rows } = await sql<{ name: string }>`select current_schema() as name`.execute(db);
      return (await all.getTables(options)).filter(({ schema }) => schema === rows[0]?.name);
    },
  };
}
