"""Which kept files belong to which record: the rows of deliveries, filed papers and objections, written and read alike."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from feedesk.models.service import ProofFile
from feedesk.models.store.session import marks, moment, pieces


@dataclass(frozen=True, slots=True)
class ProofTable:
    """A table of kept files and its column for the record they prove."""

    name: str
    record: str


OF_DELIVERY = ProofTable("delivery_files", "delivery_id")
OF_DOCUMENT = ProofTable("document_files", "document_id")
OF_DISPUTE = ProofTable("dispute_files", "dispute_id")


def insert(
    conn: sqlite3.Connection,
    table: ProofTable,
    record_id: int,
    proofs: Sequence[ProofFile],
    *,
    after: int = 0,
    at: str | None = None,
) -> None:
    """Put files on record in their order. `after`: how many the record has already; `at`: when they came, where a
    table keeps that.
    """
    columns = f"{table.record}, number, name, sha256, own_time, from_camera" + (", at" if at else "")
    rows = [
        (record_id, number, proof.name, proof.sha256,
         proof.own_time.isoformat(timespec="seconds") if proof.own_time else None, int(proof.from_camera),
         *((at,) if at else ()))
        for number, proof in enumerate(proofs, start=after + 1)
    ]  # fmt: skip
    conn.executemany(f"INSERT INTO {table.name} ({columns}) VALUES ({marks(7 if at else 6)})", rows)


def read(conn: sqlite3.Connection, table: ProofTable, record_ids: Sequence[int]) -> dict[int, tuple[ProofFile, ...]]:
    """The files of each record in their order; records without any are left out."""
    found: dict[int, tuple[ProofFile, ...]] = {}
    for part in pieces(record_ids):
        rows = conn.execute(
            f"SELECT {table.record}, name, sha256, own_time, from_camera FROM {table.name}"
            f" WHERE {table.record} IN ({marks(len(part))}) ORDER BY {table.record}, number",
            part,
        )
        for record_id, name, sha, own_time, from_camera in rows:
            proof = ProofFile(name, sha, moment(own_time), bool(from_camera))
            found[record_id] = (*found.get(record_id, ()), proof)
    return found
