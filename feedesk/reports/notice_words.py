"""Every sentence of a 催款单. Courteous, and no more law than the whitelist allows (law §10, §12, §13.10).

民法典 944 (1)(2) and the contract clause speak about 物业费 only, so neither stands on a notice without it
(law §13.10a); nothing is threatened, and nothing is said about courts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from feedesk.models import money
from feedesk.models.charges import FeeKind
from feedesk.models.days import paper_day, weekday
from feedesk.models.ledger.late_fee import LateFeeCap
from feedesk.models.notices import NoticeData
from feedesk.models.office import OfficeOnPaper

TITLE = "催款单"
STRIP_TITLE = "送达回执"
REPRINT = "补打"
NO_LATE_FEE = "未计违约金"
SEAL = "盖章处"
FOR_OWNER_ONLY = "请业主本人拆阅"
REASSURANCE = "水、电、气、热供应和门禁、电梯、通行均不受本单影响，我们会继续按合同提供服务。"

_LAW = (
    "《中华人民共和国民法典》第九百四十四条第一款、第二款：业主应当按照约定支付物业费，"
    "物业服务已按约定和有关规定提供的，不以未享受或不需要为由拒付；逾期不支付的，可以催告其在合理期限内支付。"
)
_LAW_SCOPE = "以上只就物业费而言，另列小计的各项按其各自的约定和规定。"


def letterhead(office: OfficeOnPaper) -> str:
    """Company and service centre, the company only where the centre's name does not hold it already."""
    company = "" if office.company in office.office else office.company
    return " · ".join(part for part in (company, office.office) if part)


def addressee(notice: NoticeData) -> str:
    """「林晓岚 女士」, or 「业主」 where the list gave no name."""
    return " ".join(part for part in (notice.name or "业主", notice.salutation if notice.name else "") if part)


def round_text(notice: NoticeData) -> str:
    """「第 2 次催款」."""
    return f"第 {notice.round_no} 次催款"


def number_text(notice: NoticeData) -> str:
    """The number, or that it is yet to come: it is taken only when the notice is issued, so that none is lost."""
    return notice.number or "待编号"


def rooms_text(rooms: tuple[str, ...], shown: int) -> str:
    """The first `shown` rooms and how many there are in all: 「9-1-1201、9-1-1202 等 15 套」."""
    text = "、".join(rooms[:shown])
    return text if shown >= len(rooms) else f"{text} 等 {len(rooms)} 套"


def as_of_text(notice: NoticeData) -> str:
    """「账面核对至 2026年11月13日」; empty where the figures rest on no list."""
    return f"账面核对至 {paper_day(notice.as_of)}" if notice.as_of else ""


def thanks(notice: NoticeData) -> str:
    """The opening: thanks, what this is about, and what to do when it has been paid already (误催)."""
    homes = "这套房屋" if len(notice.rooms) == 1 else f"这 {len(notice.rooms)} 套房屋"
    return (
        f"感谢您对服务中心工作的支持。{_since(notice)}，您名下{homes}有以下费用尚未到账。"
        "如您已经缴付，请告诉我们缴付的日期和方式，核实后本单作废，并请见谅。"
    )


def _since(notice: NoticeData) -> str:
    """Of which day the figures are: finance's list, and the day up to which what is on record is taken off."""
    if notice.counted_to is None or notice.as_of == notice.counted_to:
        return "截至上述日期" if notice.as_of else "截至出单之日"
    taken_off = "收款和减免" if notice.has_waived else "收款"
    books = f"按财务{paper_day(notice.as_of)}的账面，" if notice.as_of else ""
    return f"{books}扣除截至{paper_day(notice.counted_to)}登记的{taken_off}"


def last_day(notice: NoticeData) -> tuple[str, str]:
    """「2026年12月3日」「（星期四，含当日）前付清」: until when, that day included; the day stands in large type."""
    return paper_day(notice.pay_by), f"（星期{weekday(notice.pay_by)[1:]}，含当日）前付清"


def hardship(notice: NoticeData) -> str:
    """Where to turn when paying at once is difficult."""
    return "一时有困难，可来电商量分期" if notice.office.phone else "一时有困难，可到服务中心商量分期"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to pay. `account` is a bank account in groups of four, set in bold."""

    title: str
    lines: tuple[str, ...]
    account: str = ""


def account_groups(number: str) -> str:
    """「0000 1234 5678 9000」: digits in fours; a number with letters or dashes stays as the office wrote it."""
    bare = number.replace(" ", "")
    return " ".join(bare[i : i + 4] for i in range(0, len(bare), 4)) if bare.isdigit() else number.strip()


def ways_to_pay(office: OfficeOnPaper, has_code: bool) -> tuple[Way, ...]:
    """What the office has filled in, and the counter where it has filled in nothing."""
    ways = []
    if office.bank_number:
        holder = [f"户名　{office.bank_holder}"] if office.bank_holder else []
        bank = [f"开户行　{office.bank_name}"] if office.bank_name else []
        ways.append(Way("银行转账", tuple(holder + bank), account_groups(office.bank_number)))
    if has_code:
        ways.append(Way("手机缴费", ("手机扫右侧收款码，备注写明房号",)))
    if office.address or not ways:
        ways.append(Way("到场缴付", (office.address or "请到服务中心前台，当场开票",)))
    return tuple(ways)


def transfer_note(notice: NoticeData) -> str:
    """What to write on a transfer, so that finance finds the unit."""
    return f"附言写“{notice.rooms[0]}”" if len(notice.rooms) == 1 else f"附言写单号“{number_text(notice)}”"


def basis(notice: NoticeData) -> str:
    """The contract clause and 民法典 944; empty on a notice without 物业费."""
    kinds = {line.kind for line in notice.lines}
    if FeeKind.PROPERTY not in kinds:
        return ""
    clause = " ".join(notice.office.contract_clause.split())
    if clause and clause[-1] not in "。；！？":
        clause += "。"
    return clause + _LAW + (_LAW_SCOPE if len(kinds) > 1 else "")


def late_fee_note(notice: NoticeData) -> str:
    """Beside the total: of what it is made, or that no late fee is in it."""
    fee = notice.late_fee
    return f"本金 {money.show(notice.total)} ＋ 违约金 {money.show(fee.amount)}" if fee else NO_LATE_FEE


def late_fee_basis(notice: NoticeData) -> str:
    """On which clause the late fee rests and up to which day it is reckoned; empty where none is listed (law §12).

    The rate is not named: where LPR × 1.3 is the cap it is not what is asked for.
    """
    fee = notice.late_fee
    if fee is None:
        return ""
    cap = "同期一年期贷款市场报价利率（LPR）的 1.3 倍" if fee.cap is LateFeeCap.LPR else "所对应的本金"
    return (
        f"按合同{fee.clause}约定，只就物业费的未缴本金计至{paper_day(fee.up_to)}，违约金本身不再生息，"
        f"以不超过{cap}为限，与本金分开列示；如有异议可申请核减。"
    )


def prepaid_note(notice: NoticeData) -> str:
    """What the owner has paid beforehand (预缴); empty where there is nothing."""
    if not notice.prepaid:
        return ""
    how = "来电" if notice.office.phone else "到服务中心"
    return f"您名下另有预缴 {money.show_yuan(notice.prepaid)} 尚未抵用，上列金额未扣除；要用来抵缴的，请{how}告诉我们。"


def objection(notice: NoticeData) -> str:
    """How and until when to object; an objection holds its lines (domain §9)."""
    days = notice.office.object_days
    until = paper_day(notice.issued_on + timedelta(days=days))
    when = f"请在{until}（含当日）前（出单后 {days} 日内）" if days > 0 else "请"
    how = "来电或书面告诉我们" if notice.office.phone else "到服务中心或书面告诉我们"
    return f"对项目、期间、金额或服务有不同意见，{when}{how}；核实期间，有异议的项目暂不催收。"


def assumed_note() -> str:
    """What the star at a due date means (推定)."""
    return "* 财务清单未逐月列出应缴日，此日按惯例推定，并非约定之日；应缴日以合同约定为准。"


def page_text(page: int, pages: int) -> str:
    """「第 1 页，共 2 页」."""
    return f"第 {page} 页，共 {pages} 页"


def carried_on(total: str) -> str:
    """The foot of a page that does not hold the total yet."""
    return f"接下页；合计 {total}，缴付办法见末页"


def reprint_text(notice: NoticeData) -> str:
    """「补打 · 原单 2026年11月17日 出具」: the figures are those of the original."""
    return f"{REPRINT} · 原单 {paper_day(notice.issued_on)} 出具" if notice.reprint else ""
