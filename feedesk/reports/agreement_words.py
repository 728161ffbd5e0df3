"""Every sentence of a 分期付款协议. What both sides promise, and nothing that law §9 and §12 do not bear.

Signing acknowledges the listed debts and no others, and gives nothing up: limitation cannot be waived beforehand
(民法典 197), and nobody is threatened. What happens when an instalment is missed is what the program then shows.
"""

from __future__ import annotations

from feedesk.models.charges import FeeKind
from feedesk.models.days import paper_day
from feedesk.models.ledger.agreement import AgreedLateFee, PlanAgreement
from feedesk.reports.notice_words import account_groups

TITLE = "分期付款协议"
COPIES = ("第一份 · 甲方存", "第二份 · 乙方存")
PREAMBLE = "乙方一时不便，希望分次缴清下列费用；甲方同意给予方便。双方自愿约定如下。"
DEBTS = "一、费用明细与确认"
PARTS = "二、分期缴付"
SERVICES_GO_ON = "无论是否按期，水、电、气、热照常供应，门禁、电梯、通行照常使用，甲方继续按合同提供服务。"


def company(agreement: PlanAgreement) -> str:
    """「安和物业服务有限公司（明湖花园服务中心）」; one of the two where the other holds it or is missing."""
    office = agreement.office
    if not office.company or office.company in office.office:
        return office.office
    return f"{office.company}（{office.office}）"


def home(agreement: PlanAgreement) -> str:
    """「明湖花园 3-2-1502、3-2-1503」."""
    return " ".join(part for part in (agreement.office.estate, "、".join(agreement.rooms)) if part)


def acknowledgement(agreement: PlanAgreement) -> list[str]:
    """What signing confirms: the listed debts, and only those (law §9.1, §9.3)."""
    found = [
        f"双方核对了上列各笔费用，截至 {paper_day(agreement.made_on)} 的金额以上表为准。"
        "乙方签字即确认上列各笔由其缴付，并同意按本协议缴清；未列入上表的款项不在本协议之内。"
    ]
    if set(agreement.subtotals()) - {FeeKind.PROPERTY} and FeeKind.PROPERTY in agreement.subtotals():
        found.append("物业费以外的各项按其各自的约定和规定收取，另列小计。")
    return found


def payment(agreement: PlanAgreement) -> list[str]:
    """Where to pay, and what counts as in time."""
    office = agreement.office
    found = []
    if office.bank_number:
        parts = [f"户名 {office.bank_holder}"] if office.bank_holder else []
        parts += [f"开户行 {office.bank_name}"] if office.bank_name else []
        holder = "，".join(parts) + "\n" if parts else ""
        found.append(f"转账：{holder}账号 {account_groups(office.bank_number)}，附言写明房号。")
    where = f"到场缴付（{office.address}）" if office.address else "到服务中心缴付"
    found.append(
        f"{'也可' if found else '请'}{where}；甲方每次收款都开具收据。"
        "缴付日之后第一个工作日内到账的，算作按期；可以提前缴付。"
    )
    return found


def articles(agreement: PlanAgreement) -> list[tuple[str, list[str]]]:
    """Heading and paragraphs of everything below the two tables."""
    return [
        ("三、按期缴清的", [_kept(agreement)]),
        ("四、没有按期缴付的", _missed(agreement)),
        ("五、核对与异议", [_objection(agreement)]),
        ("六、其他", _rest(agreement)),
    ]


def _clause(agreement: PlanAgreement) -> str:
    return f"（合同{agreement.clause.strip()}）" if agreement.clause.strip() else ""


def _kept(agreement: PlanAgreement) -> str:
    text = "乙方按期缴清各期，上列费用即告结清。"
    if agreement.late_fee is AgreedLateFee.LET_OFF:
        return text + f"上列物业费截至缴清之日的违约金{_clause(agreement)}，甲方予以免除。"
    if agreement.late_fee is AgreedLateFee.BY_CONTRACT:
        return text + f"上列金额不含违约金；物业费的违约金按合同约定{_clause(agreement)}另行计算，与本金分开列示。"
    return text


def _missed(agreement: PlanAgreement) -> list[str]:
    let_off = "第三条免除违约金的约定也不再适用。" if agreement.late_fee is AgreedLateFee.LET_OFF else ""
    return [
        "又有困难的，请在缴付日之前联系甲方，双方可以书面改期。",
        "某一期过了上述工作日仍未缴足的，其余各期同时到期，乙方应当一次缴清余款，已缴的照数抵扣；" + let_off
        + "余款先由双方协商，协商不成的，可以依法申请调解、支付令或者起诉。",
        SERVICES_GO_ON,
    ]  # fmt: skip


def _objection(agreement: PlanAgreement) -> str:
    days = agreement.office.object_days
    when = f"请在签字之日起 {days} 日内" if days > 0 else "请"
    how = f"来电（{agreement.office.phone}）或书面" if agreement.office.phone else "书面"
    return (
        f"所列项目、期间或金额有出入的，乙方{when}{how}告诉甲方，核实后书面更正，不影响其余各笔。"
        "乙方对物业服务的意见可以随时提出，依法享有的权利不因本协议而减少。"
    )


def _rest(agreement: PlanAgreement) -> list[str]:
    note = [f"另行约定：{' '.join(agreement.note.split())}"] if agreement.note.strip() else []
    return [*note, "本协议一式两份，双方各执一份，自双方签字或者盖章之日起生效；改动须经双方书面同意。"]


def foot_text(agreement: PlanAgreement, copy: str, page: int, pages: int) -> str:
    """The foot of a page: which copy of which agreement, and which page."""
    number = f"{agreement.number} · " if agreement.number else ""
    return f"{number}{copy} · 第 {page} 页，共 {pages} 页"
