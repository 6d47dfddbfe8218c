"""How much one run may read. What one answer may weigh and how long it may take is the door's business."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HarvestLimits:
    """`bytes`: of all answers of a run together, as sent. `file`: of one local file, in bytes, decompressed.

    `notes`: ledger lines of one kind that are written out; the rest are counted. `batch`: records judged at a time.
    """

    pages: int = 10_000
    records: int = 1_000_000
    bytes: int = 8 * 1024 * 1024 * 1024
    file: int = 512 * 1024 * 1024
    notes: int = 50
    batch: int = 64
