"""Money that comes in or is let off: payments and how they are allocated, late fee, waivers, instalment plans, splits.

Records are never overwritten; what is open is always derived from them (`allocation.allocate`). Amounts are integer 分.
"""
