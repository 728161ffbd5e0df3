"""Statements of banks, WeChat Pay and Alipay: where the table begins, what its columns mean, what counts as a line."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedesk.errors import BadInput, FeeDeskError
from feedesk.models.intake import (
    StatementMapping,
    read_statement,
    statement_mapping,
    statement_mapping_from_json,
    statement_mapping_to_json,
)
from feedesk.models.ledger.payments import PayMethod
from feedesk.models.statements import Direction, StatementColumn, StatementKind, StatementLine, StatementReading

SAMPLES = Path(__file__).parent / "data" / "statements"
BANK = "交易日期,摘要,贷方发生额,借方发生额,对方户名,交易流水号\n"


def csv_file(folder: Path, text: str, encoding: str = "utf-8", name: str = "流水.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def lines_of(folder: Path, text: str) -> tuple[StatementLine, ...]:
    reading = read_statement(csv_file(folder, text))
    assert not reading.unknown
    return reading.lines


# --- the three samples ---


@pytest.mark.parametrize(
    ("name", "kind", "source", "header_row", "method", "amounts"),
    [
        ("bank-gb18030.csv", StatementKind.BANK, "1102****0088", 5, PayMethod.TRANSFER,
         [35332, 366629, 50715, 340836, 61980, 67575, 26634, 97269, 632166, 880000, 4521036, 203064, 35332]),
        ("wechat.csv", StatementKind.WECHAT, "云杉花园物业", 7, PayMethod.WECHAT,
         [18189, 106575, 32928, 116880, 26808, 536970, 149706, 340896, 30930, 593236]),
        ("alipay-gbk.csv", StatementKind.ALIPAY, "云杉花园物业", 8, PayMethod.ALIPAY,
         [22199, 88494, 284082, 76102, 20019, 261792, 259034, 90822]),
    ],
)  # fmt: skip
def test_the_samples(
    name: str, kind: StatementKind, source: str, header_row: int, method: PayMethod, amounts: list[int]
) -> None:
    reading = read_statement(SAMPLES / name)
    assert (reading.unknown, reading.rejected) == ("", ())
    assert (reading.kind, reading.source, reading.table.header_row) == (kind, source, header_row)
    assert [line.amount for line in reading.lines] == amounts
    assert [line.line for line in reading.lines] == list(range(1, len(amounts) + 1))
    assert {line.method for line in reading.lines} == {method}
    assert len({line.key for line in reading.lines}) == len(amounts)


@pytest.mark.parametrize(
    ("name", "voids"),
    [
        ("bank-gb18030.csv", {11: "是支出，不是收款"}),
        ("wechat.csv", {6: "已全额退款", 10: "是支出，不是收款"}),
        ("alipay-gbk.csv", {7: "交易关闭", 8: "不计收支"}),
    ],
)
def test_what_is_no_money_received_says_why(name: str, voids: dict[int, str]) -> None:
    reading = read_statement(SAMPLES / name)
    assert {line.line: line.void for line in reading.lines if line.void} == voids
    assert reading.income == sum(line.amount for line in reading.lines if line.line not in voids)


def test_a_line_in_full() -> None:
    line = read_statement(SAMPLES / "bank-gb18030.csv").lines[8]
    assert (line.paid_at, line.has_time, line.direction) == (datetime(2026, 11, 8), False, Direction.IN)
    assert (line.payer, line.payer_account, line.reference) == ("萧芳娜", "6222****8628", "202611000008")
    assert line.memo == "跨行汇款 1-1-704 2-1-403 两套"
    assert read_statement(SAMPLES / "wechat.csv").lines[0].paid_at == datetime(2026, 11, 2, 10, 0, 27)


# --- layouts ---


@pytest.mark.parametrize(
    ("head", "row", "paid_at", "direction", "amount", "payer", "memo"),
    [
        ("交易时间,收入,支出,对方户名,摘要", "2026-11-03 09:08:07,100.00,,甲,物业费",
         datetime(2026, 11, 3, 9, 8, 7), Direction.IN, 10_000, "甲", "物业费"),
        ("记账日期,借方发生额,贷方发生额,对方单位名称,用途", "20261103,0.00,100.00,甲,物业费",
         datetime(2026, 11, 3), Direction.IN, 10_000, "甲", "物业费"),
        ("记账日期,借方发生额,贷方发生额,对方单位名称,用途", "20261103,100.00,0.00,甲,水费",
         datetime(2026, 11, 3), Direction.OUT, 10_000, "甲", "水费"),
        ("交易日,借贷标志,交易金额,付款人名称,附言", "2026/11/3,贷,100.00,甲,物业费",
         datetime(2026, 11, 3), Direction.IN, 10_000, "甲", "物业费"),
        ("交易日,借贷标志,交易金额,付款人名称,附言", "2026/11/3,借,100.00,甲,物业费",
         datetime(2026, 11, 3), Direction.OUT, 10_000, "甲", "物业费"),
        ("交易日,收付标志,交易金额,付款人名称,附言", "2026.11.3,C,100.00,甲,物业费",
         datetime(2026, 11, 3), Direction.IN, 10_000, "甲", "物业费"),
        ("日期,交易时间,发生额,对方名称,备注", "2026年11月3日,09:08:07,+100.00,甲,物业费",
         datetime(2026, 11, 3, 9, 8, 7), Direction.IN, 10_000, "甲", "物业费"),
        ("日期,时间,发生额,对方名称,备注", "20261103,090807,-100.00,甲,退费",
         datetime(2026, 11, 3, 9, 8, 7), Direction.OUT, 10_000, "甲", "退费"),
        ("入账时间,存入金额,支取金额,付款方户名,摘要,备注", "20261103 09:08:07,100,,甲,转账存入,2-1-101",
         datetime(2026, 11, 3, 9, 8, 7), Direction.IN, 10_000, "甲", "转账存入 2-1-101"),
        ("发生时间,收入金额（+元）,支出金额（-元）,对方账号,备注", "2026-11-03 09:08:07,100.00,,13900000001,物业费",
         datetime(2026, 11, 3, 9, 8, 7), Direction.IN, 10_000, "", "物业费"),
        ("交易日期,摘要,附言,交易金额(收入),交易金额(支出),余额,对方户名", "2026-11-03,转账,转账,\"1,000.05\",-,9.00,甲",
         datetime(2026, 11, 3), Direction.IN, 100_005, "甲", "转账"),
    ],
)  # fmt: skip
def test_columns_by_what_banks_call_them(
    tmp_path: Path, head: str, row: str, paid_at: datetime, direction: Direction, amount: int, payer: str, memo: str
) -> None:
    (line,) = lines_of(tmp_path, f"账号：6222000011112222\n\n{head}\n{row}\n")
    assert (line.paid_at, line.direction, line.amount, line.payer, line.memo) == (
        paid_at, direction, amount, payer, memo,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        # a bank that prints English beside its titles and tells the way by 来账/往账
        ("交易类型[ Transaction Type ],付款人账号[ Debit Account No. ],付款人名称[ Payer's Name ],交易日期[ Transaction Date ],"
         "交易金额[ Trade Amount ],交易流水号[ Transaction reference number ],用途[ Purpose ]\n"
         "来账,6216,叶国,20261101,353.32,99887766554,2-1-101\n往账,7788,云杉物业,20261101,20.00,99887766555,电费\n",
         StatementKind.BANK,
         [(Direction.IN, 35_332, "叶国", "6216", ""), (Direction.OUT, 2_000, "云杉物业", "7788", "是支出，不是收款")]),
        # one that marks its preamble with # and calls the other side 收(付)方
        ("# 某某银行账户交易明细\n# 账号: [755912345678901]\n交易日,交易时间,起息日,借方金额,贷方金额,余额,摘要,流水号,收(付)方名称,收(付)方账号\n"
         "20261101,10:11:12,20261101,,353.32,1000.00,物业费,K12345678901,叶国,6226\n",
         StatementKind.BANK, [(Direction.IN, 35_332, "叶国", "6226", "")]),
        # the bill of a merchant's account: back-ticks, only money received
        ("交易时间,商户号,微信订单号,交易类型,交易状态,应结订单金额,商品名称,订单金额\n"
         "`2026-11-01 10:11:12,`123,`4200001234,`JSAPI,`SUCCESS,`353.32,`2-1-101,`353.32\n"
         "`2026-11-01 10:12:12,`123,`4200001235,`JSAPI,`REFUND,`20.00,`2-1-102,`20.00\n"
         "总交易单数,应结订单总金额\n`2,`373.32\n",
         StatementKind.WECHAT, [(Direction.IN, 35_332, "", "", ""), (Direction.IN, 2_000, "", "", "REFUND")]),
        # the ledger of a merchant: name and number of the payer in one cell
        ("#支付宝账务明细查询\n#账号：[20881234567890120156]\n账务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,业务类型,备注\n"
         "3061234567890\t,O1\t,2-1-101,2026-11-01 10:11:12,叶国(138****1234),353.32,0.00,在线支付,\n#支出合计：0笔，共0.00元\n",
         StatementKind.ALIPAY, [(Direction.IN, 35_332, "叶国", "138****1234", "")]),
    ],
)  # fmt: skip
def test_layouts_in_full(
    tmp_path: Path, text: str, kind: StatementKind, told: list[tuple[Direction, int, str, str, str]]
) -> None:
    reading = read_statement(csv_file(tmp_path, text, "gb18030"))
    assert (reading.kind, reading.unknown, reading.rejected) == (kind, "", ())
    assert [(o.direction, o.amount, o.payer, o.payer_account, o.void) for o in reading.lines] == told


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_whatever_the_encoding(tmp_path: Path, encoding: str) -> None:
    text = BANK + "2026-11-03,物业费,100.00,,甲,20261103000001\n"
    (line,) = read_statement(csv_file(tmp_path, text, encoding)).lines
    assert (line.amount, line.payer) == (10_000, "甲")


def test_a_header_deep_below_a_preamble_and_two_levels(tmp_path: Path) -> None:
    preamble = "".join(f"说明第 {number} 行，请妥善保管\n" for number in range(45))
    text = preamble + "交易日期,发生额,,对方户名\n,借方,贷方,\n2026-11-03,,100.00,甲\n2026-11-04,20.00,,乙\n"
    reading = read_statement(csv_file(tmp_path, text))
    assert reading.table.header_row == 47
    assert [(line.direction, line.amount) for line in reading.lines] == [(Direction.IN, 10_000), (Direction.OUT, 2_000)]


def test_a_workbook_is_read_by_its_content_not_its_name(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["账户名称：云杉花园物业"])
    sheet.append(["交易日期", "交易时间", "贷方发生额", "借方发生额", "对方户名", "交易流水号"])
    sheet.append([date(2026, 11, 3), time(9, 8, 7), 1234.56, None, "甲", 202611030001])
    sheet.append([datetime(2026, 11, 4, 1, 2, 3), None, 0.1 + 0.2, None, "乙", "202611040001"])
    sheet.append([20261105, None, None, 20, "丙", 202611050001.0])
    path = tmp_path / "流水.xls"
    book.save(path)
    reading = read_statement(path)
    assert reading.source == "云杉花园物业"
    assert [(line.paid_at, line.amount, line.reference) for line in reading.lines] == [
        (datetime(2026, 11, 3, 9, 8, 7), 123_456, "202611030001"),
        (datetime(2026, 11, 4, 1, 2, 3), 30, "202611040001"),
        (datetime(2026, 11, 5), 2_000, "202611050001"),
    ]


def test_an_old_workbook(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("明细")
    for row, cells in enumerate([["交易日期", "收入", "支出", "对方户名"], ["2026-11-03", 100.5, "", "甲"]]):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.save(str(tmp_path / "流水.xls"))
    (line,) = read_statement(tmp_path / "流水.xls").lines
    assert (line.amount, line.payer) == (10_050, "甲")


# --- rows ---


def test_totals_notes_and_repeated_headers_are_no_transactions(tmp_path: Path) -> None:
    text = (
        BANK
        + "2026-11-03,物业费,100.00,,甲,2026110300001\n"
        + "本页小计,,100.00,,,\n"
        + BANK
        + "2026-11-04,物业费,200.00,,乙,2026110400001\n"
        + "2026-11-04,合计,300.00,,,\n"
        + "人民币合计,,300.00,,,\n"
        + "共2笔,,,,,\n"
        + "打印时间：2026-11-20,,,,,\n"
    )
    reading = read_statement(csv_file(tmp_path, text))
    assert [(line.line, line.amount) for line in reading.lines] == [(1, 10_000), (2, 20_000)]
    assert reading.rejected == ()


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("2026-13-03,物业费,100.00,,甲,1", "交易日期“2026-13-03”不存在"),
        ("昨天,物业费,100.00,,甲,1", "交易日期“昨天”看不懂"),
        (",物业费,100.00,,甲,1", "没有交易日期"),
        ("2026-11-03,物业费,一百,,甲,1", "金额“一百”不是数字"),
        ("2026-11-03,物业费,100.005,,甲,1", "金额“100.005”精确到了分以下"),
        ("2026-11-03,物业费,100.00,20.00,甲,1", "收入和支出两列都有金额"),
        ("2026-11-03,物业费,,,甲,1", "没有金额"),
        ("2026-11-03,物业费,999999999.00,,甲,1", "金额“999999999.00”超过 99,999,999.99"),
    ],
)
def test_a_bad_line_is_kept_with_its_reason_and_its_number(tmp_path: Path, row: str, why: str) -> None:
    reading = read_statement(csv_file(tmp_path, f"{BANK}{row}\n2026-11-04,物业费,200.00,,乙,2026110400001\n"))
    assert reading.rejected == ((2, why),)
    assert [(line.line, line.amount) for line in reading.lines] == [(2, 20_000)]


@pytest.mark.parametrize(
    ("state", "void", "amount", "memo"),
    [
        ("已收钱", "", 10_000, "甲"),
        ("支付成功", "", 10_000, "甲"),
        ("", "", 10_000, "甲"),
        ("已存入零钱", "", 10_000, "甲"),
        ("已全额退款", "已全额退款", 10_000, "甲"),
        ("已退款(￥100.00)", "已退款(￥100.00)", 10_000, "甲"),
        ("已退款￥30.00", "", 7_000, "甲（已退 ¥30.00）"),
        ("交易关闭", "交易关闭", 10_000, "甲"),
        ("支付失败", "支付失败", 10_000, "甲"),
        ("等待确认收货", "等待确认收货", 10_000, "甲"),
        ("已撤销", "已撤销", 10_000, "甲"),
    ],
)
def test_states(tmp_path: Path, state: str, void: str, amount: int, memo: str) -> None:
    text = f"微信支付账单明细\n交易时间,交易对方,收/支,金额(元),当前状态,交易单号,商品\n2026-11-03,乙,收入,¥100.00,{state},420000123,甲\n"
    (line,) = lines_of(tmp_path, text)
    assert (line.void, line.amount, line.memo) == (void, amount, memo)


def test_zero_and_taken_back(tmp_path: Path) -> None:
    text = BANK + "2026-11-03,利息,0.00,-,甲,1\n2026-11-04,冲正,-100.00,,甲,2\n"
    zero, back = lines_of(tmp_path, text)
    assert (zero.direction, zero.void) == (Direction.NEITHER, "金额是 0")
    assert (back.direction, back.amount) == (Direction.OUT, 10_000)


@pytest.mark.parametrize(
    ("memo", "method"),
    [
        ("转账 2-1-101", PayMethod.TRANSFER),
        ("POS消费", PayMethod.POS),
        ("银行代扣物业费", PayMethod.COLLECTION),
        ("现金存入", PayMethod.CASH),
    ],
)
def test_how_the_money_came(tmp_path: Path, memo: str, method: PayMethod) -> None:
    (line,) = lines_of(tmp_path, f"{BANK}2026-11-03,{memo},100.00,,甲,1\n")
    assert line.method is method


# --- the same transaction in another file ---

SAME = "2026-11-03,物业费,100.00,,甲,2026110300001\n"


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        # by the bank's number, whatever else the other file tells
        (BANK + SAME, "账号：1\n交易时间,交易流水号,收入,支出\n2026-11-03 10:00:00,2026110300001,100.00,\n", True),
        (BANK + SAME, BANK + SAME.replace("00001\n", "00002\n"), False),
        (BANK + SAME, BANK + SAME.replace("100.00", "200.00"), False),
        # a voucher number belongs to several lines: there the whole line tells
        (BANK.replace("交易流水号", "凭证号") + SAME, BANK.replace("交易流水号", "凭证号") + SAME, True),
        (BANK.replace("交易流水号", "凭证号") + SAME, BANK.replace("交易流水号", "凭证号") + SAME.replace("甲", "乙"), False),
        # a long number that a spreadsheet has rounded tells nothing
        (BANK + SAME.replace("2026110300001", "1.00011E+27"),
         BANK + SAME.replace("2026110300001", "1.00011E+27").replace("甲", "乙"), False),
    ],
)  # fmt: skip
def test_the_key_tells_the_same_transaction(tmp_path: Path, first: str, second: str, same: bool) -> None:
    (one,) = read_statement(csv_file(tmp_path, first, name="1.csv")).lines
    (two,) = read_statement(csv_file(tmp_path, second, name="2.csv")).lines
    assert (one.key == two.key) is same


def test_two_equal_lines_without_a_number_are_two_transactions(tmp_path: Path) -> None:
    text = "交易日期,收入,支出,对方户名\n" + "2026-11-03,100.00,,甲\n" * 2
    one, two = lines_of(tmp_path, text)
    again = read_statement(csv_file(tmp_path, "说明\n" + text, name="再下载.csv")).lines
    assert one.key != two.key and [line.key for line in again] == [one.key, two.key]


def test_a_later_refund_does_not_make_another_transaction(tmp_path: Path) -> None:
    head = "微信支付账单明细\n交易时间,交易对方,收/支,金额(元),当前状态,交易单号\n2026-11-03,乙,收入,¥100.00,{},4200001234\n"
    keys = {lines_of(tmp_path, head.format(state))[0].key for state in ("已收钱", "已全额退款", "已退款￥30.00")}
    assert len(keys) == 1


# --- layouts nobody knows ---

ODD = "当日,记账摘记,进,出,谁\n2026-11-03,物业费,100.00,,甲\n2026-11-04,退,,20.00,乙\n"
MEANINGS = {"当日": "paid_at", "记账摘记": "memo", "进": "in_amount", "出": "out_amount", "谁": "payer"}


def test_an_unknown_layout_asks_with_the_table(tmp_path: Path) -> None:
    reading = read_statement(csv_file(tmp_path, "某某银行\n" + ODD.replace("进,出", "数额甲,数额乙")))
    assert reading.unknown == "没有认出哪一列是交易日期、哪一列是金额，请指明各列的含义。"
    assert reading.lines == () and reading.table.header_row == 2
    assert reading.table.titles == ("当日", "记账摘记", "数额甲", "数额乙", "谁")
    assert reading.table.sample[0] == ("2026-11-03", "物业费", "100.00", "", "甲")


def test_one_amount_without_a_direction_asks(tmp_path: Path) -> None:
    reading = read_statement(csv_file(tmp_path, "交易日期,金额,对方户名\n2026-11-03,100.00,甲\n2026-11-04,5.00,乙\n"))
    assert reading.unknown == "只有一列金额，看不出每一笔是收还是支，请指明。"


def test_a_mapping_by_hand_and_one_remembered(tmp_path: Path) -> None:
    path = csv_file(tmp_path, ODD)
    given = statement_mapping_from_json(json.dumps(MEANINGS, ensure_ascii=False))
    reading = read_statement(path, given)
    assert not reading.unknown
    assert [(line.direction, line.amount, line.memo, line.payer) for line in reading.lines] == [
        (Direction.IN, 10_000, "物业费", "甲"), (Direction.OUT, 2_000, "退", "乙"),
    ]  # fmt: skip
    kept = statement_mapping(reading, reading.table.columns)
    assert statement_mapping_from_json(statement_mapping_to_json(kept)) == kept
    next_month = csv_file(tmp_path, ODD.replace("11-0", "12-0"), name="下月.csv")
    assert len(read_statement(next_month, remembered={kept.shape: kept}).lines) == 2


def test_a_person_decides_over_the_dictionary(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "交易日期,金额,备注,对方户名\n2026-11-03,100.00,甲,物业\n")
    columns = (("交易日期", StatementColumn.PAID_AT), ("金额", StatementColumn.AMOUNT), ("备注", StatementColumn.PAYER))
    (line,) = read_statement(path, StatementMapping(columns)).lines
    assert (line.payer, line.memo, line.direction) == ("甲", "", Direction.IN)


def test_a_mapping_for_another_layout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="没有列对应文件所说的那些列"):
        read_statement(csv_file(tmp_path, BANK + SAME), statement_mapping_from_json('{"当日": "paid_at"}'))


@pytest.mark.parametrize(
    "text", ["[]", "{", '{"列": "钱"}', '{"columns": [{"title": 1, "meaning": "memo"}]}', "null", "7"]
)
def test_a_mapping_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="读不懂"):
        statement_mapping_from_json(text)


# --- files that are no statements ---


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "空文件"),
        (b"%PDF-1.7 ...", "PDF"),
        ("就是一句话".encode(), "没有找到流水"),
        (b"a,b\nc,d\n", "没有找到流水"),
        (b"\x00\x01\x02\x03" * 50, "已损坏"),
    ],
)
def test_what_is_no_statement_is_refused_in_a_sentence(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "文件.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=says):
        read_statement(path)


@pytest.mark.parametrize("name", sorted(path.name for path in (SAMPLES.parent / "lists").glob("0*")))
def test_finances_list_is_told_from_a_statement(name: str) -> None:
    with pytest.raises(BadInput, match="是欠费清单，不是流水"):
        read_statement(SAMPLES.parent / "lists" / name)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
def test_rubbish_is_refused_never_a_crash(tmp_path: Path, content: bytes) -> None:
    _read_or_refuse(tmp_path, content)


CELL = st.sampled_from(
    ["2026-11-03", "20261103", "100.00", "-5", "贷", "收入", "甲", "2-1-101", "合计", "", "-", "1e999", "٣", "99999-99"]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    titles=st.lists(st.sampled_from(["交易日期", "时间", "收入", "支出", "金额", "收/支", "备注", "交易流水号", "状态", "怪"]), min_size=2, max_size=8),
    rows=st.lists(st.lists(CELL | st.text(max_size=8), max_size=9), max_size=6),
)  # fmt: skip
def test_odd_tables_are_read_or_asked_about(tmp_path: Path, titles: list[str], rows: list[list[str]]) -> None:
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in [titles, *rows])
    reading = _read_or_refuse(tmp_path, text.encode("utf-8", "replace"))
    if reading and not reading.unknown:
        assert all(type(line.amount) is int and line.amount >= 0 for line in reading.lines)
        assert len({line.line for line in reading.lines}) == len(reading.lines)


def _read_or_refuse(folder: Path, content: bytes) -> StatementReading | None:
    path = folder / "流水.csv"
    path.write_bytes(content)
    try:
        return read_statement(path)
    except FeeDeskError as refused:
        assert refused.text
        return None
