"""Where the office file, the sample office and the log live by default, and whether a place may hold an office.

The folders beside an office file (copies, evidence) belong to `models.store.backups`; they travel with the file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path, PurePath, PureWindowsPath

from platformdirs import user_documents_path, user_log_path

OFFICE_SUFFIX = ".feedesk"

MountProbe = Callable[[PurePath], str]
"""Names the kind of file system a path lies on (`ext4`, `nfs4`, `remote` …); empty when that cannot be told."""

_NETWORK_KINDS = frozenset(
    ("remote", "nfs", "nfs3", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afp", "afpfs", "webdav", "davfs", "davfs2",
     "ncpfs", "afs", "ceph", "glusterfs", "lustre", "drvfs", "fuse.sshfs", "fuse.davfs", "fuse.davfs2", "fuse.glusterfs",
     "fuse.rclone", "fuse.gvfsd-fuse", "fuse.smbnetfs", "fuse.curlftpfs", "fuse.s3fs")
)  # fmt: skip
_DRIVE_REMOTE = 4


def office_folder() -> Path:
    """The folder FeeDesk proposes for office files: `FeeDesk` in the user's documents."""
    return user_documents_path() / "FeeDesk"


def sample_office() -> Path:
    """The sample office of the 开始 page; invented people, may be thrown away at any time."""
    return office_folder() / f"示例小区{OFFICE_SUFFIX}"


def log_file() -> Path:
    """The file for failures that nobody foresaw; its folder is made if need be."""
    folder = user_log_path("FeeDesk", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "feedesk.log"


def evidence_folder(office: Path) -> Path:
    """The folder beside an office file for photos and printed papers, named by their SHA-256."""
    return office.with_suffix(".files")


def free_space_ok(folder: Path, needed: int) -> bool:
    """Whether `needed` bytes fit where `folder` is or will be, with a megabyte to spare."""
    return shutil.disk_usage(_nearest(folder)).free >= needed + 1_000_000


def is_network_path(path: PurePath, probe: MountProbe | None = None) -> bool:
    """Whether a file would lie on another computer, where SQLite's WAL loses data.

    The path need not exist: its nearest existing folder decides. What cannot be told counts as local, so
    that a local disk with an odd file system is not refused.
    """
    if isinstance(path, PureWindowsPath) and _is_unc(path):
        return True
    if probe is None:
        probe = _system_probe()
        path = _nearest(Path(path).absolute())
    kind = probe(path).lower()
    return kind in _NETWORK_KINDS


def _is_unc(path: PureWindowsPath) -> bool:
    drive = path.drive
    if drive.upper().startswith(("\\\\?\\UNC\\", "\\\\.\\UNC\\")):
        return True
    return drive.startswith("\\\\") and not drive.startswith(("\\\\?\\", "\\\\.\\"))


def _nearest(path: Path) -> Path:
    """The path itself or the first folder above it that exists, links followed."""
    for place in (path, *path.parents):
        if place.exists():
            return place.resolve()
    return path


def _system_probe() -> MountProbe:
    if sys.platform == "win32":
        return _drive_kind
    if sys.platform == "darwin":
        return lambda path: kind_from_mount_output(path, _mount_output())
    return lambda path: kind_from_mounts(path, _proc_mounts())


def _drive_kind(path: PurePath) -> str:
    """Windows: what `GetDriveTypeW` says of the drive; a mapped network drive is `remote`."""
    if sys.platform != "win32":
        return ""
    import ctypes

    kind = ctypes.windll.kernel32.GetDriveTypeW(path.drive + "\\")
    return "remote" if kind == _DRIVE_REMOTE else ""


def _proc_mounts() -> str:
    try:
        return Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""  # no /proc: cannot be told


def _mount_output() -> str:
    try:
        done = subprocess.run(["/sbin/mount"], capture_output=True, check=False, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        return ""  # cannot be told
    return os.fsdecode(done.stdout)


def kind_from_mounts(path: PurePath, mounts: str) -> str:
    r"""Linux: the file system of `path` by the lines of `/proc/mounts` (blanks in folders are written `\040`)."""
    found = []
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) >= 4:
            # 9p is the root of some sandboxes and local there; as drvfs it is Windows seen from WSL, without shared memory.
            kind = "drvfs" if fields[2] == "9p" and "aname=drvfs" in fields[3] else fields[2]
            found.append((_unescaped(fields[1]), kind))
    return _kind_of_deepest(path, found)


def kind_from_mount_output(path: PurePath, output: str) -> str:
    """macOS: the same by the lines of `mount`: `//a@nas/share on /Volumes/share (smbfs, nodev)`."""
    found = []
    for line in output.splitlines():
        _, _, rest = line.partition(" on ")
        folder, _, options = rest.rpartition(" (")
        if folder:
            found.append((folder, options.rstrip(")").split(",")[0].strip()))
    return _kind_of_deepest(path, found)


def _unescaped(folder: str) -> str:
    for code, char in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        folder = folder.replace(code, char)
    return folder


def _kind_of_deepest(path: PurePath, mounts: list[tuple[str, str]]) -> str:
    """Of the mounted folders that hold `path`, the deepest; of several on one folder, the last mounted."""
    best, kind = -1, ""
    for folder, name in mounts:
        place = type(path)(folder)
        if path.is_relative_to(place) and len(place.parts) >= best:
            best, kind = len(place.parts), name
    return kind
