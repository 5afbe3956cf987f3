"""Runs SQL in DuckDB and in ClickHouse's engine: `engines.py ENGINE < sql`, statements separated by semicolons.

Prints the rows of each query as a JSON array, one line for each query.
"""

import json
import sys


def rows_of_duckdb(statements):
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for statement in statements:
        result = connection.execute(statement)
        if statement.lstrip().upper().startswith("SELECT"):
            yield [[value_of(value) for value in row] for row in result.fetchall()]


def rows_of_clickhouse(statements):
    from chdb import session

    connection = session.Session()
    connection.query("CREATE DATABASE traces ENGINE = Atomic")
    connection.query("USE traces")
    for statement in statements:
        result = connection.query(statement, "JSONCompact")
        if statement.lstrip().upper().startswith("SELECT"):
            yield json.loads(result.bytes())["data"]


def value_of(value):
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return value if isinstance(value, (int, float, str, list, type(None))) else str(value)


def main():
    engine = {"duckdb": rows_of_duckdb, "clickhouse": rows_of_clickhouse}[sys.argv[1]]
    lines = [line for line in sys.stdin.read().splitlines() if not line.startswith("--")]
    statements = [text for text in "\n".join(lines).split(";") if text.strip()]
    for rows in engine(statements):
        print(json.dumps(rows))


main()
