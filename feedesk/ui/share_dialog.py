"""分配片管: who takes part, what it will do, Enter. Also 离岗交接, and giving checked accounts to one clerk by a digit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from feedesk.errors import FeeDeskError
from feedesk.models.changes import Changes
from feedesk.models.office import Role, Staff
from feedesk.models.sharing import SHARE_MODE_LABELS, Load, ShareClerk, ShareMode, ShareOptions, SharePlan
from feedesk.ui.clerk_popup import ClerkPopup
from feedesk.ui.desk import Desk
from feedesk.ui.money_dialog import Head, MoneyDialog, Spot
from feedesk.ui.share_table import HEAD, ROW, ShareTable
from feedesk.ui.widgets import Segment, field_label, label

Propose = Callable[[Sequence[ShareClerk], ShareOptions], SharePlan]
SavePlan = Callable[[SharePlan], bool]

SHARE_KEY, ASSIGN_KEY = "Ctrl+Shift+Y", "Ctrl+Y"
_LEVEL, _BUILDING = "level", "building"
_ROWS_SHOWN = 7
_WIDE = 840


class ShareDialog(MoneyDialog):
    """Proposes anew with every change; `save` writes the plan shown and says whether it is written."""

    def __init__(
        self,
        people: Sequence[Staff],
        ticked: Sequence[int],
        propose: Propose,
        save: SavePlan,
        parent: QWidget | None = None,
        *,
        leaving: Staff | None = None,
    ) -> None:
        """`people` who work here, in the order of their digits; `leaving` hands over all of hers."""
        title = f"交接 {leaving.name} 片管的业主" if leaving else "分配片管"
        width = _WIDE
        if parent is not None:
            width = max(640, min(_WIDE, parent.window().width() - 48))
        super().__init__(Head(title, "", ""), "分配", parent, width=width)
        self._propose, self._save, self._leaving = propose, save, leaving
        self.mode = Segment([(mode.value, words) for mode, words in SHARE_MODE_LABELS.items()])
        self.first = Segment([(_LEVEL, "平均优先"), (_BUILDING, "按楼栋优先")])
        self.mode.choose(ShareMode.NEW.value)
        self.first.choose(_LEVEL)
        self.table = ShareTable(people, ticked, leaving)
        self.why = label("", "muted", wrap=True)
        self._plan: SharePlan | None = None
        self._lay_out()
        self._renew()
        self.start_at(self.table)

    @property
    def plan(self) -> SharePlan | None:
        """What Enter would write."""
        return self._plan

    def options(self) -> ShareOptions:
        """As chosen."""
        return ShareOptions(
            mode=ShareMode(self.mode.value()),
            by_building=self.first.value() == _BUILDING,
            leaving=frozenset({self._leaving.id}) if self._leaving else frozenset(),
        )

    # --- inside ---

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        mode_label = field_label("分哪些(&M)", self.mode)
        for part in (mode_label, self.mode):
            part.setVisible(self._leaving is None)
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(field_label("先顾(&B)", self.first))
        row.addWidget(self.first)
        area = QScrollArea()
        area.setWidget(self.table)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFixedHeight(min(self.table.height(), HEAD + _ROWS_SHOWN * ROW + 2))
        self.middle.addLayout(row)
        self.middle.addSpacing(8)
        self.middle.addWidget(area)
        self._spot = self.spot(self.table)
        self.middle.addWidget(self._spot.words)
        self.middle.addSpacing(6)
        self.middle.addWidget(self.why)
        self.note.setText("数字或空格勾选，H 半份；竖线是分配前的难度。")
        self.mode.chosen.connect(lambda _key: self._renew())
        self.first.chosen.connect(lambda _key: self._renew())
        self.table.changed.connect(self._renew)
        for number, mode in enumerate(ShareMode, start=1):
            QShortcut(QKeySequence(f"Alt+{number}"), self).activated.connect(lambda mode=mode: self._choose(mode))

    def _choose(self, mode: ShareMode) -> None:
        if self._leaving is None:
            self.mode.choose(mode.value)
            self._renew()

    def _renew(self) -> None:
        self._plan = plan = self._propose(self.table.taking(), self.options())
        self.table.show_plan(plan)
        self.why.setText(_reasons(plan, self._leaving))
        self.save_button.set_words(f"分配 {plan.moved_owners:,} 位业主" if plan.moves else "分配")
        self.refresh()

    def _problems(self) -> Sequence[tuple[Spot, str]]:
        plan = self._plan
        nothing = plan.reasons[0] if plan is not None and not plan.moves and plan.reasons else ""
        return ((self._spot, nothing),)

    def _write(self) -> bool:
        return self._plan is not None and self._save(self._plan)

    def _not_written(self) -> None:
        self._renew()


def _reasons(plan: SharePlan, leaving: Staff | None) -> str:
    """What is nobody's now, and why the plan is as it is."""
    if not plan.moves:
        return ""
    nobody = plan.unassigned
    before = [f"现在有 {nobody.owners:,} 位业主没有片管"] if nobody.owners and leaving is None else []
    return "；".join([*before, *plan.reasons]) + "。"


def ask_share(desk: Desk, parent: QWidget, leaving: Staff | None = None) -> ShareDialog | None:
    """Open 分配片管, or 离岗交接 of `leaving`; None where there is nothing to share out."""
    office = desk.office
    people = office.staff.all()
    try:
        owners = office.assignments.owners()
    except FeeDeskError as error:
        desk.messages.tell(error, parent)
        return None
    if leaving is not None and not any(owner.home() == leaving.id for owner in owners):
        return None
    loads = office.assignments.loads()
    ticked = [one.id for one in people if loads.get(one.id, Load()).owners or one.role is Role.CLERK]

    def propose(clerks: Sequence[ShareClerk], options: ShareOptions) -> SharePlan:
        return office.assignments.propose(clerks, options, owners)

    def save(plan: SharePlan) -> bool:
        takers = len({move.to_staff for move in plan.moves})
        said = f"已把 {plan.moved_owners:,} 位业主（{len(plan.moves):,} 户）分给 {takers} 人。"
        return desk.write(lambda: office.assignments.apply(plan), said, office.assignments.take_back)

    dialog = ShareDialog(people, ticked or [one.id for one in people], propose, save, parent, leaving=leaving)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


def ask_clerk(desk: Desk, parent: QWidget, account_ids: Sequence[int]) -> ClerkPopup | None:
    """Give these accounts to one clerk: the people with their digits, 0 for nobody."""
    if not account_ids:
        desk.messages.note("没有选中业主，请先选一户，或勾选几户。")
        return None
    office = desk.office
    held = {row.staff_id for row in office.accounts.some(account_ids).values()}
    current = held.pop() if len(held) == 1 else 0
    popup = ClerkPopup(
        office.staff.all(),
        current or 0,
        parent,
        caption=f"这 {len(account_ids):,} 户交给谁" if len(account_ids) > 1 else "这一户交给谁",
        nobody="先不分给谁",
    )

    def assign(staff_id: int) -> None:
        name = next((one.name for one in office.staff.all() if one.id == staff_id), "")
        told: list[Changes] = []

        def act() -> Changes:
            told.append(office.assignments.assign(account_ids, staff_id or None, "人工指定"))
            return told[0]

        def said() -> str:
            count = len(told[0].account_ids)
            more = "（同一业主的房一起）" if count > len(account_ids) else ""
            return f"{count:,} 户已交给 {name}{more}。" if name else f"{count:,} 户现在没有片管{more}。"

        desk.write(act, said, office.assignments.take_back)

    popup.chosen.connect(assign)
    popup.open_at(parent.mapToGlobal(parent.rect().center()))
    return popup
