"""Start FeeDesk, or test it, from a fresh checkout: `python3 start.py` and `python3 start.py test`.

Plain standard library, because nothing is installed yet when it runs. It makes `.venv` beside itself, installs
exactly what `constraints.txt` names, mends what Qt needs on Debian and Ubuntu, and then runs the program or the
checks. Anything after `start.py` is passed on: `python3 start.py check F` is `feedesk check F`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "feedesk-installed.json"
OLDEST = (3, 11)
BACKEND = ("hatchling", "editables")

OFFSCREEN_LIBRARIES = ("libgl1", "libegl1", "libxkbcommon0", "libfontconfig1", "libglib2.0-0", "libdbus-1-3")
SCREEN_LIBRARIES = (
    *OFFSCREEN_LIBRARIES,
    "libxkbcommon-x11-0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-shape0",
)
QT_PROBE = "from PySide6.QtWidgets import QApplication; import PySide6.QtPrintSupport, PySide6.QtSvg; QApplication([])"
CHECKS = (
    ("-m", "ruff", "check", "."),
    ("-m", "ruff", "format", "--check", "."),
    ("-m", "mypy"),
)


class Stop(Exception):
    """The start cannot go on; the user has been told why."""


def say(chinese: str, english: str) -> None:
    """One line for the user; in English where the console cannot show Chinese."""
    try:
        chinese.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        chinese = english
    print(chinese, flush=True)


def has_screen(platform: str, environ: Mapping[str, str]) -> bool:
    """Whether a window could be shown; Windows and macOS always have a desktop."""
    if not platform.startswith("linux"):
        return True
    if environ.get("QT_QPA_PLATFORM", "").startswith(("offscreen", "minimal")):
        return False
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def child_environment(environ: Mapping[str, str], *, screen: bool) -> dict[str, str]:
    """What programs started from here see: our package, no foreign Python settings, a UTF-8 locale."""
    made = {key: value for key, value in environ.items() if key not in ("PYTHONHOME", "__PYVENV_LAUNCHER__")}
    made["PYTHONPATH"] = str(ROOT)
    if made.get("LC_ALL") in ("C", "POSIX"):
        made["LC_ALL"] = "C.UTF-8"  # Qt warns about, and misreads file names in, any other encoding
    if not screen:
        made["QT_QPA_PLATFORM"] = "offscreen"
    return made


def venv_python(venv: Path = VENV) -> Path:
    """The interpreter inside the environment."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def shown(command: Sequence[str | Path]) -> str:
    """A command as one would type it, paths inside the checkout shortened."""
    words = []
    for word in map(str, command):
        short = os.path.relpath(word, ROOT) if word.startswith(str(ROOT) + os.sep) else word
        words.append(f'"{short}"' if " " in short else short)
    return " ".join(words)


def run(
    command: Sequence[str | Path], environ: Mapping[str, str], *, cwd: Path | None = None, show: bool = True
) -> int:
    """Run a command in the foreground and return its exit code."""
    if show:
        print("+ " + shown(command), flush=True)
    return subprocess.run([str(word) for word in command], env=dict(environ), cwd=cwd, check=False).returncode


def fingerprint(root: Path = ROOT) -> str:
    """Changes when another install is due: other requirements, other place, other Python."""
    digest = hashlib.sha256(f"{root}\0{sys.version_info[:2]}\0{sys.platform}".encode())
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update(b"\0" + (root / name).read_bytes())
    return digest.hexdigest()


def read_stamp(path: Path = STAMP) -> list[str]:
    """What is known to be ready in the environment for the present fingerprint; empty when nothing is."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    if not isinstance(found, dict) or found.get("fingerprint") != fingerprint():
        return []
    return [str(name) for name in found.get("ready", [])]


def write_stamp(ready: Sequence[str], path: Path = STAMP) -> None:
    """Note what is ready, whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps({"fingerprint": fingerprint(), "ready": sorted(set(ready))}), encoding="utf-8")
    part.replace(path)


def apt_command(packages: Sequence[str]) -> str:
    """The one command that a person types to install system packages."""
    return "sudo apt-get update && sudo apt-get install -y " + " ".join(packages)


def install_system(packages: Sequence[str], why: tuple[str, str]) -> None:
    """Install Debian packages when we may, else name the command and stop."""
    say(*why)
    apt = shutil.which("apt-get")
    if apt is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        command = apt_command(packages) if apt else " ".join(packages)
        say(
            f"请先安装：\n    {command}\n然后再运行一次。",
            f"Please install first:\n    {command}\nthen run this again.",
        )
        raise Stop
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run([apt, "update", "-q"], environ)
    if run([apt, "install", "-y", "-q", "--no-install-recommends", *packages], environ):
        say("系统组件没有装成，见上面的输出。", "The system packages could not be installed, see above.")
        raise Stop


def venv_works() -> bool:
    """Whether the environment is whole enough to install into."""
    python = venv_python()
    if not python.exists():
        return False
    code = f"import sys, pip; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    return subprocess.run([str(python), "-c", code], capture_output=True, check=False).returncode == 0


def make_venv() -> None:
    """Make `.venv`, or make it again when an earlier attempt was cut short."""
    if venv_works():
        return
    if importlib.util.find_spec("ensurepip") is None:  # Debian ships Python without it
        install_system(["python3-venv"], ("缺少 python3-venv。", "python3-venv is missing."))
    if VENV.exists():
        say("上次没有装完，重新来过。", "The environment is incomplete; making it again.")
        shutil.rmtree(VENV)
    say("正在准备运行环境（.venv）…", "Making the environment (.venv) ...")
    if run([sys.executable, "-m", "venv", VENV], os.environ):
        say("运行环境没有建成，见上面的输出。", "The environment could not be made, see above.")
        raise Stop


def install(extra: str) -> None:
    """Install the project and exactly the packages of `constraints.txt` into `.venv`."""
    pip: list[str | Path] = [
        venv_python(),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "-q",
        "-c",
        ROOT / "constraints.txt",
    ]
    say("正在安装所需组件，第一次要几分钟…", "Installing packages; the first time takes some minutes ...")
    target = str(ROOT) + (f"[{extra}]" if extra else "")
    # The build backend is installed here rather than fetched by pip, so that it too is the pinned one.
    for arguments in (BACKEND, ("--no-build-isolation", "-e", target)):
        if run([*pip, *arguments], {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}):
            say("没有装成，见上面的输出；请检查网络后再运行一次。", "Not installed, see above; check the network.")
            raise Stop
    for folder in ("Lib/site-packages", "lib/*/site-packages"):
        for pth in VENV.glob(f"{folder}/*feedesk*.pth"):
            make_ascii(pth)


def make_ascii(pth: Path) -> None:
    """Rewrite a path file whose folder has a Chinese name: before 3.13 Windows would read it in its own code page."""
    lines = pth.read_text(encoding="utf-8").splitlines()
    made = [line if line.isascii() else f"import sys; sys.path.append({line!a})" for line in lines]
    pth.write_text("\n".join(made) + "\n", encoding="ascii")


def probe_qt(environ: Mapping[str, str]) -> str:
    """Empty when Qt starts, else what it said."""
    done = subprocess.run(
        [str(venv_python()), "-c", QT_PROBE],
        env=dict(environ), capture_output=True, text=True, encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip
    return "" if done.returncode == 0 else (done.stderr.strip() or f"exit code {done.returncode}")


def prepare(extra: str, *, screen: bool) -> bool:
    """Make everything ready; returns whether there is a screen after all."""
    wanted = extra or "window"
    ready = read_stamp() if venv_python().exists() else []
    if wanted not in ready and not (wanted == "window" and "test" in ready):
        make_venv()
        install(extra)
        ready = [*read_stamp(), wanted]
        write_stamp(ready)
    look = "screen" if screen else "offscreen"
    if look in ready:
        return screen
    environ = child_environment(os.environ, screen=screen)
    trouble = probe_qt(environ)
    if trouble and screen and sys.platform.startswith("linux") and "could not connect to display" in trouble:
        say("连不上屏幕，按没有屏幕处理。", "The display cannot be reached; going on without a screen.")
        return prepare(extra, screen=False)
    if trouble and sys.platform.startswith("linux"):
        libraries = SCREEN_LIBRARIES if screen else OFFSCREEN_LIBRARIES
        install_system(libraries, ("缺少显示窗口所需的系统组件。", "System libraries for Qt are missing."))
        trouble = probe_qt(environ)
    if trouble:
        print(trouble, flush=True)
        say("Qt 启动不了，原因见上。", "Qt cannot start, see above.")
        raise Stop
    write_stamp([*ready, look])
    return screen


def test(arguments: Sequence[str]) -> int:
    """Everything CI runs. All of it runs; the exit code is that of the first failure, a check before a test."""
    prepare("test", screen=False)
    environ = child_environment(os.environ, screen=False)
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # every part would compile the whole program for itself
    if arguments:
        checked = run_side_by_side(CHECKS, environ)
        tested = run([venv_python(), "-m", "pytest", *arguments], environ, cwd=ROOT)
    else:
        with in_memory(environ) as quick:
            codes = run_side_by_side([*CHECKS, *(("-m", "pytest", *files) for files in parts())], quick)
        checked, tested = codes[: len(CHECKS)], next(filter(None, codes[len(CHECKS) :]), 0)
    failed = [(" ".join(check[1:]), code) for check, code in zip(CHECKS, checked, strict=True) if code]
    if failed:
        names = ", ".join(name for name, _ in failed)
        say(f"测试之外没有通过：{names}", f"Failed besides the tests: {names}")
        return failed[0][1]
    return tested


PARTS, AT_ONCE = 10, 2
"""The tests run in so many processes, two side by side: a machine has two cores at least, and a long run in one process
grows slower the more windows it has seen."""

MEMORY = Path(os.sep, "dev", "shm")
"""Where Linux keeps files in memory; no other system has the place, and there the usual folder is taken."""

ROOM_IN_MEMORY = 1 << 30
"""Bytes that must be free for the tests' files to be kept in memory; what a passed test has written goes at once."""


def parts(root: Path = ROOT) -> list[list[str]]:
    """The test files dealt out in turn, those with windows first and long ones before short ones; every file once.

    So every part has its share of the slow ones, and the last parts, which end the run, are the shorter ones.
    """
    files = sorted(
        (root / "tests").glob("test_*.py"),
        key=lambda path: (not path.name.startswith(("test_ui_", "test_journeys")), -path.stat().st_size, path.name),
    )
    return [[path.relative_to(root).as_posix() for path in files[place::PARTS]] for place in range(PARTS)]


@contextmanager
def in_memory(environ: Mapping[str, str], root: Path = MEMORY) -> Iterator[dict[str, str]]:
    """The environment with a temporary folder in memory, where there is one with room.

    An office brings every write safely to disk before it goes on: on a slow disk the tests mostly wait for that.
    """
    try:
        folder = tempfile.mkdtemp(prefix="feedesk-", dir=root) if shutil.disk_usage(root).free >= ROOM_IN_MEMORY else ""
    except OSError:  # no such place here, or not for us
        folder = ""
    if not folder:
        yield dict(environ)
        return
    try:
        yield {**environ, "TMPDIR": folder}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_side_by_side(commands: Sequence[Sequence[str]], environ: Mapping[str, str]) -> list[int]:
    """Run Python with each of these arguments, `AT_ONCE` at a time; what one says is shown when its turn has come.

    Returns the exit codes in the same order.
    """

    def one(arguments: Sequence[str]) -> tuple[list[str | Path], subprocess.CompletedProcess[bytes]]:
        words = [venv_python(), *arguments]
        return words, subprocess.run(
            [str(word) for word in words], env=dict(environ), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    codes = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for words, done in pool.map(one, commands):
            print("+ " + shown(words), flush=True)
            sys.stdout.buffer.write(done.stdout)
            sys.stdout.flush()
            codes.append(done.returncode)
    return codes


def start(arguments: Sequence[str]) -> int:
    """Open the window, or pass a command on; without a screen and without a command, show the demo office."""
    screen = prepare("", screen=has_screen(sys.platform, os.environ))
    environ = child_environment(os.environ, screen=screen)
    feedesk: list[str | Path] = [venv_python(), "-m", "feedesk"]
    if screen or (arguments and not arguments[0].endswith(".feedesk")):
        return run([*feedesk, *arguments], environ, show=False)
    if arguments:
        say("这里没有屏幕，打不开窗口。", "There is no screen to open a window on.")
        return 2
    out = ROOT / "demo"
    say("这里没有屏幕：改为演示一遍，结果放在 demo 文件夹。", "No screen here: running the demo into the folder demo.")
    code = run([*feedesk, "demo", "--out", out], environ)
    if code == 0:
        say(f"演示的结果在：{out}", f"The results are in: {str(out)!a}")
    return code


def main(arguments: Sequence[str]) -> int:
    """Entry: `test` runs the checks, anything else belongs to the program."""
    if sys.version_info < OLDEST:
        say("需要 Python 3.11 或更新的版本。", "Python 3.11 or newer is needed.")
        return 1
    try:
        if arguments and arguments[0] == "test":
            return test(arguments[1:])
        return start(arguments)
    except Stop:
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
