"""The office's own profile and its staff."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Collection
from dataclasses import asdict, fields

from feedesk.errors import BadInput
from feedesk.models.office import ROLE_LABELS, SIGNERS, OfficeProfile, Role, Signature, Staff
from feedesk.models.store.session import Session


class OfficeSettings:
    """What stands in `settings`: the profile, and small values of the program by key."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def profile(self) -> OfficeProfile:
        """The office as on paper."""
        stored = self._session.conn.execute("SELECT value FROM settings WHERE key = 'profile'").fetchone()
        known = {field.name for field in fields(OfficeProfile)}
        values = {key: value for key, value in json.loads(stored[0]).items() if key in known} if stored else {}
        return OfficeProfile(**{"office": "", **values})

    def save_profile(self, profile: OfficeProfile) -> None:
        """Keep a changed profile; what was printed before stays as it was. With another due day, what was derived by the
        old one (the clocks of lumps) is derived anew when the day is next rolled: the window does that at once.
        """
        if not profile.office.strip():
            raise BadInput("服务中心名称不能空着，没有保存。", "请填写后再存。")
        if not 1 <= profile.due_day <= 31:
            raise BadInput("应缴日要在 1 到 31 之间，没有保存。", "请改好后再存。")
        is_due_elsewhere = profile.due_day != self.profile().due_day
        with self._session.writing() as conn:
            if is_due_elsewhere:
                conn.execute(
                    "DELETE FROM account_clock WHERE account_id IN (SELECT account_id FROM charges WHERE is_lump = 1)"
                )
                conn.execute("DELETE FROM settings WHERE key = 'state_day'")
            self.put("profile", json.dumps(asdict(profile), ensure_ascii=False))
            self._session.note("改办公室资料", profile.office, asdict(profile))

    def get(self, key: str, default: str = "") -> str:
        """A small stored value."""
        row = self._session.conn.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else default

    def put(self, key: str, value: str) -> None:
        """Keep a small value."""
        with self._session.writing() as conn:
            conn.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (key, value))


class StaffList:
    """Who works here; a person who leaves is hidden, never removed: contacts stand under the name.

    Who may sign is for those to say who can: as soon as somebody can, nobody becomes one of them, ceases to be one, or
    gets another PIN, without the PIN of one of them. Else a clerk would approve her own waivers.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self, *, with_gone: bool = False) -> list[Staff]:
        """Everybody, in the order of joining (the digit of the quick change)."""
        sql = "SELECT id, name, called, role, pin_hash, active FROM staff"
        rows = self._session.conn.execute(sql + ("" if with_gone else " WHERE active = 1") + " ORDER BY id")
        return [Staff(i, name, called, Role(role), pin, bool(active)) for i, name, called, role, pin, active in rows]

    def signers(self) -> tuple[Staff, ...]:
        """Those who can sign: the role, a PIN, and still here."""
        return tuple(person for person in self.all() if person.role in SIGNERS and person.pin_hash)

    def needs_signature(self, staff: Staff) -> bool:
        """Whether keeping this person so (`save`, or `add` where the id is 0) takes the PIN of somebody who can sign."""
        before = next((person for person in self.all(with_gone=True) if person.id == staff.id), None)
        had, has = _signs_as(before), _signs_as(staff)
        gains = has is not None and has is not had
        loses = had is not None and has is not had and before is not None and bool(before.pin_hash)
        return (gains or loses) and bool(self.signers())

    def _require(self, signed: Signature | None) -> str:
        """Who has signed; raises `BadInput` when nobody has."""
        if signed is None:
            raise BadInput("谁能签字要由能签字的人同意，没有改动。", "请项目经理或组团负责人输入签字密码。")
        return self.verify_pin(signed.who, signed.pin, SIGNERS).name

    def add(self, name: str, called: str = "", role: Role = Role.CLERK, signed: Signature | None = None) -> Staff:
        """A new person; the name must be new and not empty. Raises `BadInput`, also where a signature is missing."""
        name = name.strip()
        if not name:
            raise BadInput("姓名不能空着，没有添加。", "请填写姓名。")
        if any(person.name == name for person in self.all(with_gone=True)):
            raise BadInput(f"已经有叫“{name}”的人了，没有再添加。", "同名请加个字区别。")
        by = self._require(signed) if self.needs_signature(Staff(0, name, called, role)) else ""
        with self._session.writing() as conn:
            cursor = conn.execute(
                "INSERT INTO staff (name, called, role) VALUES (?, ?, ?)", (name, called.strip() or name, role)
            )
            self._session.note("添加人员", name, {"role": role, **_by(by)})
        return Staff(int(cursor.lastrowid or 0), name, called.strip() or name, role)

    def save(self, staff: Staff, signed: Signature | None = None) -> None:
        """Change how somebody is called, the role, or whether he still works here. Raises `BadInput`."""
        if not staff.active and len([p for p in self.all() if p.id != staff.id]) == 0:
            raise BadInput("至少要留一位在岗人员，没有改动。", "请先添加接替的人。")
        by = self._require(signed) if self.needs_signature(staff) else ""
        with self._session.writing() as conn:
            conn.execute(
                "UPDATE staff SET called = ?, role = ?, active = ? WHERE id = ?",
                (staff.called, staff.role, int(staff.active), staff.id),
            )
            self._session.note("改人员资料", staff.name, {"role": staff.role, "active": staff.active, **_by(by)})

    def set_pin(self, staff: Staff, pin: str, signed: Signature | None = None) -> None:
        """Set or (with an empty text) drop the PIN of a leader or manager.

        Once somebody can sign it takes his signature, be it that of the person himself. Raises `BadInput`.
        """
        by = self._require(signed) if self.signers() else ""
        salt = secrets.token_hex(8)
        with self._session.writing() as conn:
            conn.execute("UPDATE staff SET pin_hash = ? WHERE id = ?", (_sealed(salt, pin) if pin else "", staff.id))
            self._session.note("改签字密码", staff.name, _by(by) or None)

    def drop_pins(self) -> int:
        """Nobody has a PIN any more; returns how many had one. For an office whose signers have all left or forgotten."""
        with self._session.writing() as conn:
            dropped = conn.execute("UPDATE staff SET pin_hash = '' WHERE pin_hash <> ''").rowcount
            self._session.note("清除签字密码", f"{dropped} 人")
        return dropped

    def verify_pin(self, staff: Staff, pin: str, roles: Collection[Role] = tuple(Role)) -> Staff:
        """Who signs, as on record now, once the PIN is found right.

        Raises `BadInput` for somebody who has left, is of none of `roles`, has no PIN yet, or whose PIN is another.
        """
        person = next((person for person in self.all() if person.id == staff.id), None)
        if person is None:
            raise BadInput(f"“{staff.name}”不在岗，不能签字，没有办理。", "请换一位批准人。")
        if person.role not in roles:
            whom = "或".join(ROLE_LABELS[role] for role in Role if role in roles)
            raise BadInput(
                f"“{person.name}”是{ROLE_LABELS[person.role]}，批不了这件事，没有办理。", f"请由{whom}批准。"
            )
        if not person.pin_hash:
            raise BadInput(
                f"“{person.name}”还没有签字密码，没有办理。", f"请到“设置 › 人员”给{person.name}设签字密码。"
            )
        salt = person.pin_hash.partition("$")[0]
        if not hmac.compare_digest(person.pin_hash, _sealed(salt, pin)):
            raise BadInput("签字密码不对，没有办理。", "请批准人本人再输一次。")
        return person

    def use(self, staff_id: int) -> Staff:
        """Who is at the desk from now on; remembered for the next start."""
        for person in self.all():
            if person.id == staff_id:
                self._session.clerk = person
                with self._session.writing() as conn:
                    conn.execute("INSERT OR REPLACE INTO settings VALUES ('clerk', ?)", (str(staff_id),))
                return person
        raise BadInput("找不到这位经办人，没有换人。", "请从名单里选。")


def _signs_as(person: Staff | None) -> Role | None:
    """The role in which a person may sign, if any."""
    return person.role if person and person.active and person.role in SIGNERS else None


def _by(name: str) -> dict[str, str]:
    """Who signed, for the log."""
    return {"signed_by": name} if name else {}


def _sealed(salt: str, pin: str) -> str:
    """A PIN as it is stored: slow to guess, and never readable."""
    return f"{salt}${hashlib.pbkdf2_hmac('sha256', pin.encode(), salt.encode(), 100_000).hex()}"
