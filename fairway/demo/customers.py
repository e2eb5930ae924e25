"""Who buys: sixty companies that do not exist, put together from made-up names, with people to talk to."""

from __future__ import annotations

from dataclasses import dataclass

PLACES = ("杭州", "苏州", "宁波", "无锡", "广州", "佛山", "东莞", "厦门", "天津", "济南", "青岛", "大连")
NAMES = (
    "澄朗",
    "沐桥",
    "砺川",
    "屿石",
    "云岫",
    "合泰然",
    "铭壹",
    "朴原",
    "恒之拓",
    "向晨",
    "远礁",
    "青禾里",
    "捷纬",
    "宏序",
    "知衡",
)
TRADES: tuple[tuple[str, str], ...] = (
    ("机电设备", "machinery"), ("精密仪表", "electrical"), ("电子元件", "electronics"), ("汽车零部件", "automotive"),
    ("新材料", "chemicals"), ("铸造", "metals"), ("医疗器械", "pharma"), ("食品", "food"), ("家电", "consumer"),
    ("纺织", "textile"), ("环保装备", "energy"),
)  # fmt: skip
FAMILY_NAMES = ("王", "李", "张", "刘", "赵", "钱", "朱", "郑", "冯", "蒋", "沈", "韩", "杨", "许", "曹", "魏", "姜")
GIVEN_NAMES = ("芳", "建国", "丽华", "志强", "敏", "海燕", "卫东", "雪梅", "国栋", "晓东", "秀英", "文博", "佳", "立新")
POSITIONS = ("生产总监", "计划部经理", "厂长", "信息部经理", "运营副总", "采购经理")
SIZES = ("50-99", "100-499", "100-499", "500-999", "500-999", "1000-4999")
SOURCES = (
    "online.website", "online.search", "online.platform", "offline.fair", "offline.fair", "offline.referral",
    "offline.partner", "offline.phone", "internal.staff", "online.social",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Customer:
    """One company and the person there whom the rep talks to, as the first form asks for them."""

    number: int
    company: str
    industry: str
    contact: str
    decider: str
    lead: dict[str, str]


def customer(number: int) -> Customer:
    """The customer with this number, always the same one."""
    trade, industry = TRADES[number % len(TRADES)]
    place = PLACES[(number * 5) % len(PLACES)]
    company = f"{place}{NAMES[(number * 7 + number // 15) % len(NAMES)]}{trade}有限公司"
    contact = person(number)
    lead = {
        "company_name": company, "contact_name": contact, "contact_title": POSITIONS[number % len(POSITIONS)],
        "contact_phone": f"1380000{number + 1000:04d}", "contact_email": f"contact{number}@customer{number}.example",
        "industry": industry, "company_size": SIZES[number % len(SIZES)], "source": SOURCES[number % len(SOURCES)],
        "region": place,
    }  # fmt: skip
    if lead["source"] == "offline.referral":
        lead["referrer"] = person(number + 9)
    return Customer(number, company, industry, contact, f"{FAMILY_NAMES[(number + 5) % len(FAMILY_NAMES)]}总", lead)


def person(number: int) -> str:
    """A person's name."""
    return FAMILY_NAMES[number % len(FAMILY_NAMES)] + GIVEN_NAMES[(number * 3) % len(GIVEN_NAMES)]
