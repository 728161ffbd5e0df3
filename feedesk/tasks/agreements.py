"""The paper of an instalment plan: written whole beside the office's other papers, or not at all."""

from __future__ import annotations

from pathlib import Path

from feedesk.models.ledger.agreement import PlanAgreement
from feedesk.models.ledger.plans import PlanDraft
from feedesk.models.store import Office
from feedesk.reports.fonts import Fonts
from feedesk.reports.plan_agreement import agreement_bytes, write_agreement
from feedesk.tasks.paper_file import PaperFile


def agreement_pdf(office: Office, plan_id: int, target: Path, fonts: Fonts) -> PlanAgreement:
    """Print the agreement of a plan on record, both copies, as it was frozen when the plan was agreed."""
    agreement = office.plans.agreement(plan_id)
    with PaperFile(office.path, target, "分期付款协议") as sheet:
        sheet.produce(lambda stream: write_agreement(agreement, stream, fonts))
        sheet.place()
    return agreement


def draft_agreement_bytes(office: Office, draft: PlanDraft, fonts: Fonts) -> bytes:
    """How the paper of a plan not yet agreed would look, without a number; nothing is written."""
    return agreement_bytes(office.plans.draft_agreement(draft), fonts)


def agreement_file_name(agreement: PlanAgreement) -> str:
    """「分期付款协议-FQ2026-00007.pdf」."""
    return f"分期付款协议-{agreement.number}.pdf" if agreement.number else "分期付款协议.pdf"
