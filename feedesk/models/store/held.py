"""What objections hold, as SQL over `disputes d`: the one counterpart of `models.disputes.is_holding`.

One objection about several lines is several rows: the first leads, the others are `part_of` it and follow it in all.
"""

from __future__ import annotations

from feedesk.models.disputes import DEFECTS

MUST_MEND = f"(coalesce(d.is_ours, 0) = 1 OR d.kind IN ({', '.join(repr(kind) for kind in DEFECTS)}))"
"""Our own fault, or a defect: solved and reported back before the money is asked for."""

HOLDING = f"((d.hold = 1 OR {MUST_MEND}) AND (d.resolved_at IS NULL OR d.reported_at IS NULL))"
"""The objection holds what it is about."""

TO_REPORT = "(d.resolved_at IS NOT NULL AND d.reported_at IS NULL)"
"""An outcome is there and the owner has not been told."""

RUNNING = "(d.resolved_at IS NULL OR d.reported_at IS NULL)"
"""Not closed yet."""

HELD_LINES = f"""
SELECT coalesce(k.id, d.charge_id) AS charge_id, min(coalesce(d.part_of, d.id)) AS dispute_id, d.kind, d.review_on,
       d.resolved_at IS NOT NULL AS is_resolved
FROM disputes d LEFT JOIN splits s ON s.charge_id = d.charge_id AND s.voided_at IS NULL
LEFT JOIN charges k ON k.split_id = s.id
WHERE d.charge_id IS NOT NULL AND {HOLDING} GROUP BY 1
"""
"""Every charge that an objection holds; of a lump split by month all its months (min takes its row along)."""
