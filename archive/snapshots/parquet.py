"""The tables of a snapshot as Parquet files: the same values, typed, made of the CSV files piece by piece."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from archive.columns import arrow_type
from archive.errors import StoreError
from archive.snapshots.files import Folder, Written, opened
from archive.snapshots.writing import Sheet

PIECE = 1 << 23  # bytes of text that become a group of rows
MEND = "Parquet files need pyarrow, which is not installed: pip install 'dossier-news[parquet]', or leave out --parquet"


def needed() -> None:
    """StoreError where the library is missing; asked before anything is written."""
    if find_spec("pyarrow") is None:
        raise StoreError(MEND)


def parquet_files(folder: Folder, sheets: list[Sheet]) -> list[Written]:
    """Write each exact table of a folder once more; the same bytes for the same values and version of the library."""
    return [parquet_file(folder, sheet) for sheet in sheets if not sheet.is_twin]


def parquet_file(folder: Folder, sheet: Sheet) -> Written:
    """One of them, a group of rows at a time."""
    # Only where it is asked for: it is optional, slow to load, and published without types.
    arrow, csv, parquet = map(import_module, ("pyarrow", "pyarrow.csv", "pyarrow.parquet"))
    types = {column.name: arrow_type(arrow, column) for column in sheet.table.columns}
    widest = max(sheet.longest, len(",".join(sheet.table.names)))  # a piece has to hold one row at least
    options = {
        "read_options": csv.ReadOptions(block_size=max(PIECE, 2 * widest), use_threads=False),
        "parse_options": csv.ParseOptions(newlines_in_values=True),
        "convert_options": csv.ConvertOptions(
            column_types=types, null_values=[""], strings_can_be_null=True, true_values=["1"], false_values=["0"]
        ),
    }
    with opened(folder.path / sheet.file.name) as text, folder.new(f"{sheet.table.name}.parquet") as file:
        try:
            pieces = csv.open_csv(text, **options)
            with parquet.ParquetWriter(arrow.PythonFile(file, mode="w"), pieces.schema, compression="zstd") as writer:
                for piece in pieces:
                    writer.write_batch(piece)
        except arrow.ArrowInvalid as error:
            message = f"{sheet.table.name} cannot be written as Parquet ({error}); leave out --parquet"
            raise StoreError(message) from error
        file.rows = sheet.file.rows
        return file.done()
