"""An answer to SQL as a table, CSV, JSON or Markdown."""

from __future__ import annotations

import csv
import io
import json

from cli.render.table import clean, table
from engine.journal.audit.reader import Answer


def answer_text(answer: Answer, shape: str) -> str:
    """Give the answer in one of the shapes `table`, `csv`, `json`, `markdown`."""
    rows = [[_plain(cell) for cell in row] for row in answer.rows]
    match shape:
        case "json":
            named = [dict(zip(answer.columns, row, strict=True)) for row in rows]
            return json.dumps(
                {"columns": answer.columns, "rows": named, "cut": answer.cut}, ensure_ascii=False, indent=2
            )
        case "csv":
            return _csv(answer.columns, rows)
        case "markdown":
            return _markdown(answer.columns, rows)
        case _:
            return table(answer.columns, rows)


def _plain(cell: object) -> object:
    return cell.hex() if isinstance(cell, bytes) else cell


def _csv(columns: tuple[str, ...], rows: list[list[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue().rstrip("\n")


def _markdown(columns: tuple[str, ...], rows: list[list[object]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(clean(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)
