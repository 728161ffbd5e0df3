"""The foot of the first import step: refused rows with their reasons, and the equation read + refused = stated."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QWidget

from feedesk.models.arrears_list import Reading, RejectCode, Rejected, TotalCheck
from feedesk.models.money import show, show_yuan
from feedesk.ui.import_fields import Figure, Verdict, sign
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import ElidedLabel, IconMark, KeyButton, label

_WHOLE = "合计"
_ITEM_ROWS = 3


def whole_check(checks: Sequence[TotalCheck]) -> TotalCheck | None:
    """All grand totals of the list as one (a list of several sheets states one a sheet); None when it states none."""
    whole = [check for check in checks if check.what == _WHOLE]
    if not whole:
        return None
    return TotalCheck(
        _WHOLE,
        sum(check.stated for check in whole),
        sum(check.read for check in whole),
        sum(check.rejected for check in whole),
        "、".join(check.where for check in whole),
    )


def where_of(refused: Rejected, several: bool) -> str:
    """第 87 行, with its sheet where there are several."""
    return f"{refused.sheet} 第 {refused.row} 行" if several else f"第 {refused.row} 行"


class RefusedBand(QFrame):
    """未读入 n 行 with the first reasons; saves them, offers 四舍五入.

    Signals:
        save_wanted: 存为带原因的表.
        rounding_wanted: read amounts with a third decimal rounded.
    """

    save_wanted = Signal()
    rounding_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self.setProperty("tone", "cinnabar")
        row = QHBoxLayout(self)
        row.setContentsMargins(21, 3, 16, 3)
        row.setSpacing(8)
        row.addWidget(IconMark("alert", "#B3301C", 16))
        self._count = label("", "strong")
        self.reasons = ElidedLabel()
        self.round_button = KeyButton("四舍五入到分", kind="quiet")
        self.round_button.clicked.connect(self.rounding_wanted)
        self.save_button = KeyButton("存为带原因的表", icon="export", kind="quiet")
        self.save_button.clicked.connect(self.save_wanted)
        row.addWidget(self._count)
        row.addWidget(self.reasons, 1)
        row.addWidget(self.round_button)
        row.addWidget(self.save_button)

    def show_reading(self, reading: Reading) -> None:
        """Show the refused rows; none hides the band."""
        rejected = reading.rejected
        self.setVisible(bool(rejected))
        several = sum(sheet.used for sheet in reading.sheets) > 1
        self._count.setText(f"未读入 {len(rejected)} 行")
        said = [f"{where_of(refused, several)} {refused.reason}" for refused in rejected]
        self.reasons.setText(" · ".join(said[:4]) + (f" · 另有 {len(said) - 4} 行" if len(said) > 4 else ""))
        self.reasons.setToolTip("\n".join(said[:30]))
        odd = sum(refused.code is RejectCode.THIRD_DECIMAL for refused in rejected)
        self.round_button.setVisible(odd > 0)
        self.round_button.set_words(f"{odd} 行四舍五入到分")


class Equation(QFrame):
    """读到 + 未读入 = 应为, and whether the list's own total agrees; sums by item at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "verdict")
        self._read = Figure("读到")
        self._refused = Figure("未读入")
        self._due = Figure("应为")
        self.verdict = Verdict()
        self._items = QGridLayout()
        self._items.setHorizontalSpacing(8)
        self._items.setVerticalSpacing(2)
        self._item_box = QWidget()
        self._item_box.setLayout(self._items)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(24, 8, 24, 8)
        row.setSpacing(18)
        for part in (self._read, sign("＋"), self._refused, sign("＝"), self._due):
            row.addWidget(part)
        row.addSpacing(14)
        row.addWidget(self.verdict, 1)
        row.addWidget(self._item_box)

    def text(self) -> str:
        """The equation as read aloud."""
        figures = f"{self._read.amount.text()} + {self._refused.amount.text()} = {self._due.amount.text()}"
        return f"{figures}；{self.verdict.line.text()}"

    def show_reading(self, reading: Reading) -> None:
        """Show what was read against what the list states."""
        check = whole_check(reading.checks)
        read = check.read if check else reading.total
        told = [refused for refused in reading.rejected if refused.amount is not None]
        refused = check.rejected if check else sum(refused.amount or 0 for refused in told)
        count = f"{len(reading.accounts)} 户 · {reading.charge_count} 笔"
        late = read - reading.total
        if late > 0:
            count += f" · 含违约金 {show(late)}"
        self._read.say(show_yuan(read), count)
        alarm = Tone.CINNABAR if reading.rejected else None
        rows = f"{len(reading.rejected)} 行 · 看原因" if reading.rejected else "0 行"
        self._refused.say(show_yuan(refused), rows, tone=alarm)
        self._due.say(show_yuan(read + refused), "两者相加")
        if not reading.accounts:
            self.verdict.say("verify", Tone.OCHRE, "还没有读到一户", "请在上面指明房号和欠费金额各是哪一列")
        elif check is None and reading.checks:
            self._say_columns(reading.checks)
        elif check is None:
            self.verdict.say("verify", Tone.OCHRE, "清单没有写合计", "无从核对，请看一眼户数和金额对不对")
        elif check.agrees:
            self.verdict.say(
                "paid", Tone.MALACHITE, "与清单自己的合计一致", f"合计 {show_yuan(check.stated)}（{check.where}）"
            )
        else:
            gap = check.stated - check.read - check.rejected
            side = "多" if gap > 0 else "少"
            self.verdict.say(
                "broken",
                Tone.CINNABAR,
                f"清单的合计{side} {show_yuan(abs(gap))}",
                f"清单写 {show_yuan(check.stated)}（{check.where}），请看列对得对不对，或请财务核对",
            )
        self._show_items(reading)

    def _say_columns(self, checks: Sequence[TotalCheck]) -> None:
        """The list gives sums by column only, such as 应收 and 实收."""
        odd = [check for check in checks if not check.agrees]
        if odd:
            first = odd[0]
            gap = f"“{first.what}”清单写 {show_yuan(first.stated)}，读到 {show_yuan(first.read + first.rejected)}"
            self.verdict.say("broken", Tone.CINNABAR, f"{len(odd)} 列的合计对不上", f"{gap}（{first.where}）")
            return
        said = "、".join(f"{check.what} {show(check.stated)}" for check in checks[:2])
        where = checks[0].where
        self.verdict.say("paid", Tone.MALACHITE, "与清单各列的合计一致", f"{said}（{where}）")

    def _show_items(self, reading: Reading) -> None:
        while self._items.count():
            taken = self._items.takeAt(0)
            gone = taken.widget() if taken is not None else None
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        checks = {check.what: check for check in reading.checks if check.what != _WHOLE}
        sums = sorted(reading.items.items(), key=lambda pair: -pair[1])
        shown = sums if len(sums) <= 2 * _ITEM_ROWS else sums[: 2 * _ITEM_ROWS - 1]
        for place, (item, amount) in enumerate(shown):
            self._add_item(place, item, show(amount), checks.get(item))
        if len(shown) < len(sums):
            rest = sum(amount for _, amount in sums[len(shown) :])
            self._add_item(len(shown), f"另 {len(sums) - len(shown)} 项", show(rest), None)
        self._item_box.setToolTip("\n".join(f"{item}  {show(amount)}" for item, amount in sums))

    def _add_item(self, place: int, item: str, amount: str, check: TotalCheck | None) -> None:
        row, side = place % _ITEM_ROWS, place // _ITEM_ROWS * 4
        name, figure = ElidedLabel(item, "label"), label(amount)
        name.setMaximumWidth(110)
        figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._items.addWidget(name, row, side)
        self._items.addWidget(figure, row, side + 1)
        mark: QWidget = QLabel()
        if check is not None:
            mark = IconMark("mark-paid" if check.agrees else "mark-broken", size=14)
            mark.setToolTip(
                "与清单这一列的合计一致"
                if check.agrees
                else f"清单这一列的合计是 {show(check.stated)}（{check.where}）"
            )
            # A tooltip needs the mouse, which marks let through by default.
            mark.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)
        mark.setFixedWidth(14)
        self._items.addWidget(mark, row, side + 2)

    def set_compact(self, on: bool) -> None:
        """Less height, for a small window."""
        self._row.setContentsMargins(24, 3 if on else 8, 24, 3 if on else 8)
        for part in (self._read, self._refused, self._due, self.verdict):
            part.set_compact(on)

    def items_shown(self, on: bool) -> None:
        """Leave the sums by item out where there is no room."""
        self._item_box.setVisible(on)
