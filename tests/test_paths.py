"""Where files live, and which places may not hold an office."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from feedesk import paths

LINUX = """\
/dev/sda1 / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
nas:/vol /srv/office nfs4 rw,vers=4.2 0 0
//nas/收费 /mnt/共享\\040盘 cifs rw 0 0
/dev/sdb1 /srv/office/local xfs rw 0 0
me@host:/x /home/me/far fuse.sshfs rw 0 0
C:\\134 /mnt/c 9p rw,aname=drvfs 0 0
/dev/sdc1 /media/usb exfat rw 0 0
bad line
"""
MAC = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled)
//guest:@nas._smb._tcp.local/share on /Volumes/share on desk (smbfs, nodev, nosuid, mounted by me)
nas:/vol on /Volumes/vol (nfs)
"""


@pytest.mark.parametrize(
    ("path", "kind", "network"),
    [
        ("/home/me/a.feedesk", "ext4", False),
        ("/srv/office/a.feedesk", "nfs4", True),
        ("/srv/officeX/a.feedesk", "ext4", False),
        ("/srv/office/local/a.feedesk", "xfs", False),
        ("/mnt/共享 盘/a.feedesk", "cifs", True),
        ("/home/me/far/a.feedesk", "fuse.sshfs", True),
        ("/mnt/c/Users/a.feedesk", "drvfs", True),
        ("/media/usb/a.feedesk", "exfat", False),
    ],
)
def test_linux_mounts(path: str, kind: str, network: bool) -> None:
    place = PurePosixPath(path)
    assert paths.kind_from_mounts(place, LINUX) == kind
    assert paths.is_network_path(place, lambda p: paths.kind_from_mounts(p, LINUX)) is network


@pytest.mark.parametrize(
    ("path", "kind", "network"),
    [
        ("/Users/me/Documents/a.feedesk", "apfs", False),
        ("/Volumes/share on desk/a.feedesk", "smbfs", True),
        ("/Volumes/vol/a.feedesk", "nfs", True),
    ],
)
def test_macos_mounts(path: str, kind: str, network: bool) -> None:
    place = PurePosixPath(path)
    assert paths.kind_from_mount_output(place, MAC) == kind
    assert paths.is_network_path(place, lambda p: paths.kind_from_mount_output(p, MAC)) is network


@pytest.mark.parametrize(
    ("path", "drive_kind", "network"),
    [
        (r"C:\Users\me\a.feedesk", "", False),
        (r"Z:\收费\a.feedesk", "remote", True),
        (r"\\nas\share\a.feedesk", "", True),
        (r"\\?\UNC\nas\share\a.feedesk", "", True),
        (r"\\?\C:\a.feedesk", "", False),
    ],
)
def test_windows_drives(path: str, drive_kind: str, network: bool) -> None:
    assert paths.is_network_path(PureWindowsPath(path), lambda _: drive_kind) is network


def test_what_cannot_be_told_counts_as_local() -> None:
    assert not paths.is_network_path(PurePosixPath("/x/a.feedesk"), lambda _: "")
    assert paths.kind_from_mounts(PurePosixPath("/x"), "") == ""


def test_this_disk_is_local_even_before_the_folder_exists(tmp_path: Path) -> None:
    assert not paths.is_network_path(tmp_path / "new" / "folder" / "a.feedesk")


def test_a_later_mount_on_the_same_folder_wins() -> None:
    assert paths.kind_from_mounts(PurePosixPath("/a/x"), "/dev/a /a ext4 rw\nnas:/a /a nfs rw\n") == "nfs"


def test_default_files_are_offices_in_the_documents_folder() -> None:
    for office in (paths.office_folder() / "明湖花园.feedesk", paths.sample_office()):
        assert office.suffix == ".feedesk"
        assert office.parent == paths.office_folder()
        assert office.parent.name == "FeeDesk"
    assert paths.office_folder() / "明湖花园.feedesk" != paths.sample_office()


@pytest.mark.skipif("sys.platform == 'win32'", reason="only on POSIX: Windows asks the shell, not the environment")
def test_everything_lies_under_the_home_of_the_user(own_folders: Path) -> None:
    assert paths.office_folder().is_relative_to(own_folders)
    assert paths.log_file().is_relative_to(own_folders)
    assert paths.log_file().parent.is_dir()


def test_free_space(tmp_path: Path) -> None:
    assert paths.free_space_ok(tmp_path / "not" / "yet", 1)
    assert not paths.free_space_ok(tmp_path, 10**18)
