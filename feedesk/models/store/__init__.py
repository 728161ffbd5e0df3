"""The office file: the only place that knows SQL, a module per aggregate."""

from feedesk.models.store.backups import Backup, BackupReason
from feedesk.models.store.imports import AppliedImport
from feedesk.models.store.notices import BatchRow
from feedesk.models.store.office import Office, forget_new

__all__ = ["AppliedImport", "Backup", "BackupReason", "BatchRow", "Office", "forget_new"]
