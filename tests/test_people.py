"""Names: found by pinyin, addressed by custom, never changed. All names are invented or from old books."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.people import address, is_company, search_text, split_joint, surname


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("张三", ["zs", "zhangsan", "zhang"]),
        ("曾巩", ["zg", "zenggong", "cenggong"]),
        ("解缙", ["xiejin", "xj", "jiejin"]),
        ("单雄信", ["shanxiongxin", "sxx", "danxiongxin", "dxx"]),
        ("查继佐", ["zhajizuo", "chajizuo"]),
        ("仇英", ["qiuying", "qy", "chouying"]),
        ("区寄", ["ouji", "oj", "quji"]),
        ("任昉", ["renfang"]),
        ("盖聂", ["genie", "gainie"]),
        ("尉迟恭", ["yuchigong", "ycg", "weichigong"]),
        ("万俟卨", ["moqixie", "mqx", "wanqixie"]),
        ("令狐冲", ["linghuchong", "lhc"]),
        ("澹台灭明", ["tantaimieming", "ttmm"]),
        ("长孙无忌", ["zhangsunwuji", "zswj"]),
        ("乐毅", ["yueyi", "leyi"]),
        ("员半千", ["yunbanqian"]),
        ("贠半千", ["yunbanqian", "ybq"]),
        ("朴永", ["piaoyong", "puyong"]),
        ("覃怀", ["qinhuai", "tanhuai"]),
        ("翟让", ["zhairang", "dirang"]),
        ("缪荃孙", ["miaoquansun"]),
        ("冼英", ["xianying"]),
        ("牟融", ["murong", "mourong"]),
        ("卜商", ["bushang"]),
        ("吕布", ["lvbu"]),
        ("重行", ["chongxing", "zhonghang"]),
        ("𠮷田健", ["tianjian", "tj"]),
        ("张伟、李娜", ["zhangwei", "lina", "zw", "ln"]),
        ("王Anna", ["wanganna", "wa"]),
        ("John Smith", ["johnsmith"]),
        ("星河科技有限公司", ["xinghekeji", "xhkjyxgs"]),
    ],
)
def test_a_name_is_found_by_every_reading_and_its_initials(name: str, typed: list[str]) -> None:
    text = search_text(name)
    assert [key for key in typed if f" {key}" in text] == typed


@pytest.mark.parametrize(
    ("name", "first"),
    [("曾巩", "zenggong"), ("单雄信", "shanxiongxin"), ("仇英", "qiuying"), ("区寄", "ouji"), ("重行", "zhongxing")],
)
def test_the_reading_as_a_surname_comes_first(name: str, first: str) -> None:
    assert search_text(name).split()[0] == first


@given(st.text(alphabet="张王李曾单解区仇重行长乐、和 AB·()公司", max_size=12))
def test_search_text_is_plain_ascii_between_blanks(name: str) -> None:
    text = search_text(name)
    assert text.startswith(" ") and text.endswith(" ")
    assert text.isascii() and text == text.lower()
    assert len(text.split()) <= 2 * 64 * max(1, len(split_joint(name)))


@pytest.mark.parametrize(
    ("name", "persons"),
    [
        ("张伟、李娜", ("张伟", "李娜")),
        ("张伟,李娜/王强", ("张伟", "李娜", "王强")),
        ("张伟；李娜", ("张伟", "李娜")),
        ("张伟 & 李娜", ("张伟", "李娜")),
        ("张伟和李娜", ("张伟", "李娜")),
        ("张伟 及 李娜", ("张伟", "李娜")),
        ("欧阳娜娜", ("欧阳娜娜",)),
        ("王和平", ("王和平",)),
        ("仇和", ("仇和",)),
        ("和珅", ("和珅",)),
        ("赵与时", ("赵与时",)),
        ("阿不都·热合曼", ("阿不都·热合曼",)),
        ("平和、安康贸易有限公司", ("平和、安康贸易有限公司",)),
        ("", ()),
    ],
)
def test_joint_owners(name: str, persons: tuple[str, ...]) -> None:
    assert split_joint(name) == persons


@pytest.mark.parametrize(
    ("name", "firm"),
    [
        ("苏州星河信息科技有限公司", True),
        ("昆仑星河（苏州）信息科技有限公司", True),
        ("云间茶事", True),
        ("好又多超市", True),
        ("工程部", True),
        ("张三", False),
        ("张伟、李娜、王强", False),
        ("张伟(租户:李四某某)", False),
        ("阿不都·热合曼", False),
        ("Alexander Smith", False),
        ("", False),
    ],
)
def test_firms_are_told_from_people(name: str, firm: bool) -> None:
    assert is_company(name) is firm


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("张三", "张"),
        ("欧阳娜娜", "欧阳"),
        ("司马相如", "司马"),
        ("万俟卨", "万俟"),
        ("欧阳", "欧"),
        ("𠮷田健", "𠮷"),
        ("诸葛亮、刘备", "诸葛"),
        ("张伟(租户:李四)", "张"),
        ("阿不都·热合曼", ""),
        ("John Smith", ""),
        ("云间茶事", ""),
        ("", ""),
    ],
)
def test_surname(name: str, family: str) -> None:
    assert surname(name) == family


@pytest.mark.parametrize(
    ("name", "salutation", "spoken"),
    [
        ("林晓", "女士", "林女士"),
        ("林晓", "", "林先生/女士"),
        ("欧阳娜娜", "女士", "欧阳女士"),
        ("张伟、李娜", "", "张、李两位"),
        ("张伟、李娜", "先生", "张先生"),
        ("张伟、李娜、王强", "", "张先生/女士"),
        ("阿不都·热合曼", "先生", "阿不都·热合曼先生"),
        ("云间茶事", "", "云间茶事负责人"),
        ("云间茶事", "先生", "云间茶事负责人"),
        ("", "", "业主"),
    ],
)
def test_how_the_clerk_speaks_to_the_owner(name: str, salutation: str, spoken: str) -> None:
    assert address(name, salutation) == spoken
