"""The command line beside the window: thin, over the same functions.

Exit 0 done · 1 refused with one Chinese sentence on stderr and nothing written · 2 bad usage · 3 a question is open
that only a person can answer. Never a traceback: what we did not foresee goes into the log file.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from feedesk import __version__, cli_lint, cli_payments, cli_scripts, cli_texts, cli_today, paths
from feedesk.errors import BadInput, FeeDeskError, QuestionOpen, file_errors
from feedesk.models.money import show_yuan
from feedesk.models.office import OfficeProfile
from feedesk.models.periods import Period
from feedesk.models.store import Office, forget_new

if TYPE_CHECKING:
    from feedesk.models.changes import ImportChanges
    from feedesk.models.import_plan import ImportPlan

COMMANDS = (
    "demo",
    "import",
    "today",
    "payments",
    "notices",
    "texts",
    "scripts",
    "lint",
    "record-table",
    "backup",
    "restore",
    "check",
    "drop-pins",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    _speak_utf8()
    parser = _parser()
    args = parser.parse_args(words if _names_command(words) else ["window", *words])
    try:
        return int(args.run(args))
    except QuestionOpen as question:
        print(question, file=sys.stderr)  # noqa: T201  (the command line speaks here)
        return 3
    except FeeDeskError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        print("已停止，没有写入任何数据。", file=sys.stderr)  # noqa: T201
        return 1
    except Exception as error:  # noqa: BLE001  (the last net: kept in the log, told in a sentence)
        where = _log(error, words[:1])
        print(f"程序出了意外，这一步没有完成；{where}", file=sys.stderr)  # noqa: T201
        return 1


def _log(error: Exception, command: list[str]) -> str:
    """Keep what nobody foresaw for whoever maintains the program; says where."""
    try:
        log = paths.log_file()
        handler = logging.FileHandler(log, encoding="utf-8")
    except OSError as problem:
        return f"详情也没能写进日志（{type(error).__name__}：{error}；{problem.strerror}）。"
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("feedesk")
    logger.addHandler(handler)
    try:
        logger.error("command %s", command, exc_info=error)
    finally:
        logger.removeHandler(handler)
        handler.close()
    return f"详情记在 {log}，请把它交给维护人员。"


def _names_command(words: list[str]) -> bool:
    return bool(words) and (words[0] in COMMANDS or words[0] in ("-h", "--help", "--version"))


def _speak_utf8() -> None:
    """A pipe on Windows may be cp936 or cp1252: JSON and sentences must come out whole all the same."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            encoding = stream.encoding if stream.isatty() else "utf-8"
            reconfigure(encoding=encoding, errors="backslashreplace")


def _say(text: str) -> None:
    print(text)  # noqa: T201


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="feedesk", description="物业费催缴工作台。不带命令时打开窗口。")
    parser.add_argument("--version", action="version", version=f"FeeDesk {__version__}")
    commands = parser.add_subparsers(required=True, metavar="命令")

    window = commands.add_parser("window")
    window.add_argument("office", nargs="?", type=Path)
    window.set_defaults(run=_window)

    demo = commands.add_parser("demo", help="生成样例办公室、催款单、记录表和截图")
    demo.add_argument("--out", type=Path, required=True, metavar="DIR")
    demo.add_argument("--no-pictures", action="store_true", help="不截图")
    demo.set_defaults(run=_demo)

    take = commands.add_parser("import", help="导入欠费清单")
    take.add_argument("lists", nargs="+", type=Path, metavar="LIST")
    take.add_argument("--office", type=Path, required=True, metavar="F")
    take.add_argument("--as-of", type=_day, metavar="DATE", help="清单数据截至哪天")
    take.add_argument("--period", type=_period, metavar="2026-07..2026-09", help="清单没写期间时用")
    span = take.add_mutually_exclusive_group()
    span.add_argument("--full", action="store_true", help="全部欠费清单（默认）")
    span.add_argument("--partial", action="store_true", help="只是一部分户")
    take.add_argument("--this-period", action="store_true", help="只含本期欠费，不动其他期间")
    take.add_argument("--mapping", type=Path, metavar="FILE", help="列的含义（JSON）")
    take.add_argument("--dry-run", action="store_true", help="只读不写")
    take.add_argument("--json", action="store_true")
    take.add_argument("--yes", action="store_true", help="每个疑问都按稳妥的办法处理")
    take.set_defaults(run=_import)

    cli_today.add_parser(commands, lambda: _now(), _day)
    cli_payments.add_parser(commands, lambda: _now(), _on_a_copy)

    cli_texts.add_parser(commands, lambda: _now(), _day, _matches)
    cli_lint.add_parser(commands)
    cli_scripts.add_parser(commands, lambda: _now())

    notices = commands.add_parser("notices", help="出催款单 PDF")
    notices.add_argument("--office", type=Path, required=True, metavar="F")
    notices.add_argument("--out", type=Path, required=True, metavar="X.pdf")
    notices.add_argument("--kind", choices=["demand"], default="demand")
    notices.add_argument("--rooms", metavar="PATTERN", help="房号，可用 * 和逗号，如 3-2-*,4-12D")
    notices.add_argument("--date", type=_day, metavar="D", help="出单日，默认今天")
    notices.add_argument("--pay-by", type=_day, metavar="D", help="缴费截止日，默认 15 天后")
    notices.add_argument("--merge-owner", action="store_true", help="同一业主多套合成一张")
    notices.add_argument("--no-back", action="store_true", help="不印背面（门上张贴用的折叠封面）")
    notices.add_argument("--late-fee", action="store_true", help="列出截至出单日的违约金（须已启用）")
    notices.add_argument("--json", action="store_true")
    notices.set_defaults(run=_notices)

    table = commands.add_parser("record-table", help="导出催缴记录表")
    table.add_argument("--office", type=Path, required=True, metavar="F")
    table.add_argument("--out", type=Path, required=True, metavar="X.xlsx")
    table.add_argument("--from", dest="first", type=_day, metavar="D", help="起始日，默认今天")
    table.add_argument("--to", dest="last", type=_day, metavar="D", help="截止日，默认今天")
    table.set_defaults(run=_record_table)

    backup = commands.add_parser("backup", help="备份办公室文件")
    backup.add_argument("office", type=Path, metavar="F")
    backup.add_argument("--to", type=Path, metavar="DIR")
    backup.set_defaults(run=_backup)

    restore = commands.add_parser("restore", help="从备份恢复")
    restore.add_argument("backup", type=Path, metavar="BACKUP")
    restore.add_argument("--office", type=Path, required=True, metavar="F")
    restore.set_defaults(run=_restore)

    check = commands.add_parser("check", help="检查办公室文件")
    check.add_argument("office", type=Path, metavar="F")
    check.set_defaults(run=_check)

    drop = commands.add_parser("drop-pins", help="清除全部签字密码（能签字的人都已离岗或忘了密码时）")
    drop.add_argument("office", type=Path, metavar="F")
    drop.set_defaults(run=_drop_pins)
    return parser


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"日期要写成 2026-11-21，不是“{text}”") from error
    if not 1990 <= day.year <= 2100:
        raise argparse.ArgumentTypeError(f"日期要在 1990 年到 2100 年之间，不是“{text}”")
    return day


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"期间要写成 2026-07..2026-09，不是“{text}”") from error


def _now() -> datetime:
    return datetime.now()


def _window(args: argparse.Namespace) -> int:
    from feedesk.app import run_window

    return run_window(args.office)


def _demo(args: argparse.Namespace) -> int:
    from feedesk.demo.run import run_demo

    for line in run_demo(args.out, pictures=not args.no_pictures):
        _say(line)
    return 0


def _import(args: argparse.Namespace) -> int:
    from feedesk.models.arrears_list import ReadOptions
    from feedesk.models.import_plan import PlanOptions
    from feedesk.models.store import BackupReason
    from feedesk.tasks import lists

    options = ReadOptions(period=args.period, careful=args.yes)
    choice = PlanOptions(
        as_of=args.as_of or _now().date(), full=not args.partial, whole_debt=not args.this_period, careful=args.yes
    )
    own_day = args.as_of is None
    given = _mapping(args.mapping) if args.mapping else {}

    def report(plan: ImportPlan) -> None:
        _report(plan, as_json=args.json)

    def applied(changes: ImportChanges) -> None:
        if changes.prepaid_accounts and not args.json:
            _say(f"  预缴自动抵扣 {changes.prepaid_accounts} 户 {show_yuan(changes.prepaid_used)}")

    def run(office: Office, before_commit: Callable[[], object] = lambda: None) -> None:
        lists.apply_lists(
            office,
            [lists.read(path, options, {**office.imports.mappings(), **given}) for path in args.lists],
            replace(choice, due_day=office.settings.profile().due_day),
            own_day=own_day,
            on_plan=report,
            on_applied=applied,
            before_commit=before_commit,
        )

    if args.office.exists():
        if args.dry_run:
            _on_a_copy(args.office, run)
            return 0
        office = Office.open(args.office, _now)
        try:
            run(office, lambda: office.backup(BackupReason.IMPORT))
        finally:
            office.close()
        return 0
    readings = [lists.read(path, options, given) for path in args.lists]
    if args.dry_run:
        lists.look_at_lists(readings, choice, own_day=own_day, on_plan=report)
        return 0
    office = Office.create(args.office, OfficeProfile(office=args.office.stem), "命令行", "", _now)
    try:
        lists.apply_lists(office, readings, choice, own_day=own_day, on_plan=report)
    except BaseException:
        office.close()
        forget_new(args.office)
        raise
    office.close()
    print(f"没有“{args.office.name}”，为这份清单新建了一个办公室文件。", file=sys.stderr)  # noqa: T201
    return 0


def _mapping(path: Path) -> dict[str, str]:
    """What a `--mapping` file says, by the shape it is for."""
    from feedesk.models.intake import mapping_from_json

    with file_errors("列的含义", path):
        data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"“{path.name}”不是 UTF-8 文本，没有采用。", "请重新存一份列的含义。") from error
    return {mapping_from_json(text).shape: text}


def _on_a_copy(path: Path, run: Callable[[Office], None]) -> None:
    """Try something out without touching the office: it may even be open in a window."""
    from feedesk.models.store import BackupReason

    with tempfile.TemporaryDirectory(prefix="feedesk-") as folder:
        looked = Office.look(path, _now)
        try:
            copy = looked.backup(BackupReason.BY_HAND, Path(folder)).path
        finally:
            looked.close()
        office = Office.open(copy, _now)
        try:
            run(office)
        finally:
            office.close()


def _report(plan: ImportPlan, *, as_json: bool) -> None:
    reading = plan.reading
    if as_json:
        _say(
            json.dumps(
                {
                    "file": reading.file,
                    "accounts": len(reading.accounts),
                    "charges": reading.charge_count,
                    "total_fen": reading.total,
                    "rejected": [{"sheet": r.sheet, "row": r.row, "reason": r.reason} for r in reading.rejected],
                    "questions": [{"code": q.code, "text": q.text, "careful": q.careful} for q in plan.questions],
                    "diff": plan.diff_counts(),
                    **({"in_doubt_fen": plan.unsettled} if plan.unsettled else {}),
                },
                ensure_ascii=False,
            )
        )
        return
    counts = plan.diff_counts()
    _say(f"{reading.file}：{len(reading.accounts)} 户 {reading.charge_count} 笔，合计 {show_yuan(reading.total)}")
    _say(
        f"  新欠费 {counts['new']} 户，增加 {counts['increased']} 户，部分缴 {counts['partly_paid']} 户，"
        f"已缴清 {counts['paid_off']} 户，无变化 {counts['unchanged']} 户；业主变更 {counts['owner_changed']} 户"
    )
    if plan.unsettled:
        units = sum(change.unsettled > 0 for change in plan.changes)
        _say(f"  与已记收款不一致，待核 {units} 户 {show_yuan(plan.unsettled)}：请财务核对，核对前不催")
    if plan.since:
        _say(f"  清单日之后已收、已减 {plan.since_units} 户 {show_yuan(plan.since)}，照算")
    for refused in reading.rejected:
        _say(f"  未读入：{refused.sheet} 第 {refused.row} 行，{refused.reason}")


def _notices(args: argparse.Namespace) -> int:
    from feedesk.models.notices import late_fee_sums
    from feedesk.models.owner_filter import Chip, OwnerFilter
    from feedesk.reports.fonts import Fonts
    from feedesk.tasks import notices as papers

    if args.pay_by and args.pay_by < (args.date or _now().date()):
        raise BadInput("缴费截止日早于出单日，没有出催款单。", "请改好 --pay-by 再出。")
    office = Office.open(args.office, _now)
    try:
        rows = office.accounts.rows(OwnerFilter(chip=Chip.ALL), "room")
        wanted = [row.account_id for row in rows if _matches(row.room, args.rooms) and (row.owed > 0 or args.rooms)]
        if not wanted:
            raise BadInput("没有符合条件的欠费户，没有出催款单。", "请检查 --rooms 写的房号。")
        if args.late_fee and not office.late_fees.policy().is_on:
            raise BadInput("没有启用违约金，没有出催款单。", "请先在 设置 › 违约金与冲抵 填合同条款号和费率。")
        options = replace(
            papers.default_options(office, args.date, args.pay_by), merge_owner=args.merge_owner, late_fee=args.late_fee
        )
        fonts = Fonts()
        batch = papers.propose_batch(office, wanted, options, fonts)
        numbers: list[str] = []
        if batch.notices:
            paper = papers.PaperOptions(door_back=not args.no_back)
            changes = papers.issue_pdf(office, batch.notices, args.out, paper, fonts, None)
            numbers = [notice.number for notice in office.notices.of_batch(changes.record_id)]
        if args.json:
            left = [{"room": x.room, "reason": x.reason} for x in batch.left_out]
            late = {"late_fee_fen": late_fee_sums(batch.notices).amount} if args.late_fee else {}
            said = {"notices": numbers, "total_fen": batch.total, **late, "left_out": left}
            _say(json.dumps(said, ensure_ascii=False))
        else:
            late_fee = f"，另列违约金 {show_yuan(late_fee_sums(batch.notices).amount)}" if args.late_fee else ""
            _say(
                f"出了 {len(numbers)} 张催款单，合计 {show_yuan(batch.total)}{late_fee}；没出 {len(batch.left_out)} 户。"
            )
            for left_out in batch.left_out:
                _say(f"  {left_out.room} {left_out.name}：{left_out.reason}")
        if not batch.notices:
            raise BadInput("这些户都不需要出催款单，没有生成文件。", "")
        return 0
    finally:
        office.close()


def _matches(room: str, patterns: str | None) -> bool:
    if not patterns:
        return True
    return any(
        fnmatchcase(room, pattern.strip()) for pattern in patterns.replace("，", ",").split(",") if pattern.strip()
    )


def _record_table(args: argparse.Namespace) -> int:
    from feedesk.tasks.tables import export_record_table

    today = _now().date()
    first, last = args.first or args.last or today, args.last or today
    if first > last:
        raise BadInput("起始日晚于截止日，没有导出。", "请对调 --from 和 --to。")
    office = Office.look(args.office, _now)
    try:
        table = export_record_table(office, args.out, first, last)
        _say(f"已导出 {args.out.name}：{len(table.rows)} 户。")
        return 0
    finally:
        office.close()


def _backup(args: argparse.Namespace) -> int:
    from feedesk.models.store import BackupReason, backups

    made = backups.make(args.office, BackupReason.BY_HAND, _now(), to=args.to)
    _say(f"已备份到 {made.path}（{made.size / 1024:.0f} KB）。")
    return 0


def _restore(args: argparse.Namespace) -> int:
    from feedesk.models.store import backups

    kept = backups.restore(args.backup, args.office, _now())
    _say(f"已从 {args.backup.name} 恢复。" + (f"原来的文件留在 {kept}。" if kept else ""))
    return 0


def _drop_pins(args: argparse.Namespace) -> int:
    office = Office.open(args.office, _now, roll=False)
    try:
        dropped = office.staff.drop_pins()
    finally:
        office.close()
    _say(f"已清除 {dropped} 人的签字密码，并记入日志；请到“设置 › 人员”重新设。")
    return 0


def _check(args: argparse.Namespace) -> int:
    from feedesk.models.store import backups

    found = backups.check(args.office)
    for sentence in found:
        _say(sentence)
    if found:
        raise BadInput(f"“{args.office.name}”有 {len(found)} 处问题。", "请从最近一份好的备份恢复。")
    _say(f"“{args.office.name}”检查通过：完整性、引用、账目、编号和操作日志都对得上。")
    return 0
