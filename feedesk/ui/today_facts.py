"""The right column of 今日: open bills, the last contacts, the facts of the household; to be read, not changed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from feedesk.models.accounts import CATEGORY_LABELS, OwnerRow
from feedesk.models.contacts import CHANNEL_LABELS, Channel, Contact, PromiseState, outcome_spec
from feedesk.models.days import short_day
from feedesk.models.money import show, show_yuan
from feedesk.models.promises import JudgedPromise, owner_line, owner_list
from feedesk.models.today import BillLine, bill_lines
from feedesk.ui.call_facts import CallFacts
from feedesk.ui.theme import COLOURS, mark_tone, text_colour
from feedesk.ui.widgets import Card, ElidedLabel, IconMark, KeyButton, hairline, label

WIDE, SLIM = 386, 330
_MOST_BILLS, _MOST_CONTACTS, _MOST_UNITS = 4, 3, 4
_ICONS = {Channel.PHONE: "phone", Channel.VISIT: "visit", Channel.MESSAGE: "message", Channel.MAIL: "mail"}


class FactCard(Card):
    """A card with a title, and a way to the whole of it.

    Signals:
        pressed: the whole is wanted.
    """

    pressed = Signal()

    def __init__(self, title: str, more: str, tip: str) -> None:
        super().__init__(margins=(14, 8, 14, 10), spacing=6)
        self._more = KeyButton(more, kind="quiet")
        self._more.setToolTip(tip)
        self._more.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._more.clicked.connect(self.pressed)
        head = QHBoxLayout()
        head.addWidget(label(title, "section"))
        head.addStretch(1)
        head.addWidget(self._more)
        self.body.addLayout(head)
        self._holder = QWidget()
        self.lines = QVBoxLayout(self._holder)
        self.lines.setContentsMargins(0, 0, 0, 0)
        self.lines.setSpacing(6)
        self.body.addWidget(self._holder)

    def clear(self) -> None:
        """Take the old lines away."""
        fresh = QWidget()
        self.lines = QVBoxLayout(fresh)
        self.lines.setContentsMargins(0, 0, 0, 0)
        self.lines.setSpacing(6)
        self.body.replaceWidget(self._holder, fresh)
        self._holder.hide()
        self._holder.deleteLater()
        self._holder = fresh


class TodayFacts(QScrollArea):
    """Three cards under each other.

    Signals:
        tab_asked: the tab (1 账单, 2 记录, 3 资料) that shows the whole.
    """

    tab_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("账单、最近联系、资料")
        self.bills = FactCard("账单", "Alt+2 看全部", "全部账单（Alt+2）")
        self.contacts = FactCard("最近联系", "Alt+3 时间线", "全部记录（Alt+3）")
        self.details = FactCard("资料", "Alt+4", "全部资料（Alt+4）")
        for tab, card in enumerate((self.bills, self.contacts, self.details), start=1):
            card.pressed.connect(lambda at=tab: self.tab_asked.emit(at))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(12)
        column.addWidget(self.bills)
        column.addWidget(self.contacts)
        column.addWidget(self.details)
        column.addStretch(1)
        self.setWidget(inner)
        self.set_slim(False)
        self._read: list[str] = []

    def set_slim(self, on: bool) -> None:
        """Leave more of a window that is not wide to the script."""
        self.setFixedWidth(SLIM if on else WIDE)

    def show_call(self, facts: CallFacts) -> None:
        """Show one account."""
        self._read = []
        self._show_bills(facts)
        self._show_contacts(facts)
        self._show_details(facts)

    def text(self) -> str:
        """Everything as read, line by line."""
        return "\n".join(self._read)

    # --- bills ---

    def _show_bills(self, facts: CallFacts) -> None:
        self.bills.clear()
        into = self.bills.lines
        lines = bill_lines(facts.charges, facts.today)
        if not lines:
            self._say(into, "没有欠费。")
            return
        # One line too many is shown rather than told of.
        shown = lines if len(lines) <= _MOST_BILLS + 1 else lines[:_MOST_BILLS]
        for line in shown:
            into.addLayout(self._bill(line))
            into.addWidget(hairline())
        rest = lines[len(shown) :]
        if rest:
            into.addLayout(self._pair(f"另有 {len(rest)} 期", show(sum(line.owed for line in rest)), "muted", "strong"))
            into.addWidget(hairline())
        total = sum(line.owed for line in lines)
        fee = facts.money.late_fee
        words = "合计（违约金未计）" if fee is None else "合计"
        into.addLayout(self._pair(words, show_yuan(total), "muted", "next"))
        if fee is not None and fee.owed:
            into.addLayout(self._pair("另有违约金（至今天）", show_yuan(fee.owed), "muted", "strong"))
        if facts.money.prepaid:
            into.addLayout(self._pair("预缴", show_yuan(facts.money.prepaid), "muted", "strong"))
        account = facts.account
        if account.units_text:
            others = f"连同另外 {len(account.open_siblings)} 套"
            into.addLayout(self._pair(others, show_yuan(account.owed_together), "muted", "strong"))

    def _bill(self, line: BillLine) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ElidedLabel(f"{line.period}　{line.items}"))
        if line.detail:
            words.addWidget(ElidedLabel(line.detail, "caption"))
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addLayout(words, 1)
        row.addWidget(label(show(line.owed), "strong"))
        self._read.append(f"{line.period} {line.items} {line.detail} {show(line.owed)}")
        return row

    def _pair(self, words: str, amount: str, role: str, amount_role: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label(words, role), 1)
        row.addWidget(label(amount, amount_role))
        self._read.append(f"{words} {amount}")
        return row

    # --- contacts ---

    def _show_contacts(self, facts: CallFacts) -> None:
        self.contacts.clear()
        counted = [contact for contact in facts.contacts if not contact.voided]
        if not counted:
            self._say(self.contacts.lines, "还没有联系过这一户。")
        said = {one.promise.contact_id: one for one in facts.promises}
        for contact in counted[:_MOST_CONTACTS]:
            self.contacts.lines.addLayout(self._contact(contact, facts, said.get(contact.id)))
        kept = owner_line(facts.promises)
        if kept:
            line = label(kept, "caption", wrap=True)
            line.setToolTip(owner_list(facts.promises, facts.today))
            self.contacts.lines.addWidget(line)
            self._read.append(kept)

    def _contact(self, contact: Contact, facts: CallFacts, judged: JudgedPromise | None) -> QHBoxLayout:
        spec = outcome_spec(contact.channel, contact.outcome)
        title = spec.label
        if contact.promise:
            day = short_day(contact.promise.due_on, facts.today)
            title = f"承诺 {day} 缴 {show_yuan(contact.promise.amount)}"
        if contact.said:
            title += f"，“{contact.said}”"
        when = (
            f"{contact.at:%H:%M}"
            if contact.at.date() == facts.today
            else (f"{short_day(contact.at.date(), facts.today)} {contact.at:%H:%M}")
        )
        became = (judged.words,) if judged is not None and judged.state is not PromiseState.OPEN else ()
        below = " · ".join((when, contact.staff_name, CHANNEL_LABELS[contact.channel], *became))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ElidedLabel(title))
        words.addWidget(ElidedLabel(below, "caption"))
        row = QHBoxLayout()
        row.setSpacing(10)
        tone = text_colour(mark_tone(spec.mark.value)).name()
        icon = IconMark(_ICONS.get(contact.channel, "user"), tone if spec.reached else COLOURS.ink2, 16)
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self._read.append(f"{title} {below}")
        return row

    # --- facts ---

    def _show_details(self, facts: CallFacts) -> None:
        self.details.clear()
        account = facts.account
        area = f"{account.area} ㎡" if account.area[-1:].isdigit() else account.area
        house = (account.property_kind, area, account.residence)
        row = account.row
        about = [
            ("房屋", " · ".join(part for part in house if part)),
            ("分类", f"{row.category} {CATEGORY_LABELS[row.category]}" if row.category else ""),
            ("程度", facts.graded.label),
            ("习惯", " · ".join(part for part in (account.habit, account.attitude) if part)),
            ("使用人", account.tenant),
            ("起止", self._tenure(facts)),
            *(("同名下" if not place else "", unit) for place, unit in enumerate(_units(account.siblings))),
            ("片管", account.staff_name),
            ("备注", account.remark),
        ]
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        grid.setColumnMinimumWidth(0, 58)
        grid.setColumnStretch(1, 1)
        known = [(head, words) for head, words in about if words]
        for place, (head, words) in enumerate(known):
            grid.addWidget(label(head, "label"), place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(words, "", wrap=True), place, 1)
            self._read.append(f"{head} {words}".strip())
        if known:
            self.details.lines.addLayout(grid)
        else:
            self._say(self.details.lines, "还没有填资料。")

    @staticmethod
    def _tenure(facts: CallFacts) -> str:
        account, today = facts.account, facts.today
        parts = []
        if account.since:
            parts.append(f"{short_day(account.since, today)} 起为业主")
        if account.until:
            parts.append(f"到 {short_day(account.until, today)} 为止，已换业主")
        return "，".join(parts)

    def _say(self, into: QLayout, words: str) -> None:
        into.addWidget(label(words, "muted"))
        self._read.append(words)


def _units(siblings: tuple[OwnerRow, ...]) -> list[str]:
    """The owner's other units, those that owe first."""
    ordered = sorted(siblings, key=lambda row: row.is_paid)
    said = [f"{row.room}（{'已清' if row.is_paid else '欠 ' + show_yuan(row.owed)}）" for row in ordered]
    if len(said) > _MOST_UNITS + 1:
        return [*said[:_MOST_UNITS], f"另有 {len(said) - _MOST_UNITS} 套"]
    return said
