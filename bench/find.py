"""The search over a million names: `python -m bench.find [NAMES]`. What an entry costs, and what each query takes."""

import os
import random
import statistics
import sys
import tempfile
import time

PLACES = (
    "杭州",
    "宁波",
    "苏州",
    "无锡",
    "上海",
    "深圳",
    "广州",
    "东莞",
    "佛山",
    "武汉",
    "成都",
    "重庆",
    "西安",
    "天津",
    "青岛",
)
WORDS = (
    "启明",
    "海天",
    "新程",
    "华锐",
    "中科",
    "鼎盛",
    "恒力",
    "博远",
    "金石",
    "天成",
    "凯达",
    "国兴",
    "宏业",
    "瑞丰",
    "龙腾",
)
TRADES = (
    "机电",
    "精密",
    "自动化",
    "科技",
    "智能",
    "塑机",
    "模具",
    "电子",
    "软件",
    "机床",
    "重工",
    "装备",
    "仪器",
    "信息",
)
QUERIES = ("启明", "科技", "启明 机电", "1380001", "138 0001 2345", "hangz", "有限公司", "不存在", "qi")


def main() -> int:
    """Fill a base of its own, ask, print."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("FAIRWAY_HOME", home)
        from fairway import home as prepared

        prepared.prepare()
        _measure(number)
    return 0


def _measure(number: int) -> None:
    from django.db import connection, transaction
    from django.utils import timezone

    from fairway.customers.models import Account
    from fairway.people.models import RoleGrant, Team, User
    from fairway.runs.copying import insert
    from fairway.search import index, queries

    draw = random.Random(7)
    now, team = timezone.now(), Team.objects.create(name="t")
    boss, rep = (User.objects.create(username=name, team=team) for name in ("boss", "rep"))
    RoleGrant.objects.create(user=boss, role="admin")
    RoleGrant.objects.create(user=rep, role="rep")
    fields = [field.attname for field in Account._meta.concrete_fields]  # noqa: SLF001 - documented by Django
    blank = dict.fromkeys(fields, "") | {"revision": 0, "on_hold": False, "created_at": now}
    blank |= dict.fromkeys(("parent_id", "satisfaction", "term_end", "golive_on", "created_by_id", "archived_at"))
    plain = indexed = 0.0
    for start in range(0, number, 20_000):
        rows = []
        for pk in range(start + 1, min(start + 20_000, number) + 1):
            name = draw.choice(PLACES) + draw.choice(WORDS) + draw.choice(WORDS) + draw.choice(TRADES) + "有限公司"
            own = {"id": pk, "name": name, "name_key": name[:-4], "phone": f"138{draw.randrange(10**8):08d}"}
            own |= {"website": "hangzhou.cn" if pk % 1000 == 0 else ""}
            # One in a thousand is the rep's, the rest belongs to somebody whose rows they do not see.
            own |= {"owner_id": rep.pk if pk % 1000 == 0 else boss.pk, "team_id": None}
            rows.append([(blank | own)[field] for field in fields])
        with transaction.atomic():
            begun = time.perf_counter()
            insert(Account, fields, rows)
            plain += time.perf_counter() - begun
            begun = time.perf_counter()
            index.add_rows(Account, fields, rows)
            indexed += time.perf_counter() - begun
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{connection.vendor}: {number} companies: rows {plain:.1f} s, their entries {indexed:.1f} s")
    for user in (boss, rep):
        for text in QUERIES:
            took = []
            for _ in range(7):
                reader, begun = User.objects.with_roles().get(pk=user.pk), time.perf_counter()
                found = queries.find(text, by=reader)
                took.append((time.perf_counter() - begun) * 1000)
            print(f"  {user.username:5} {text:14} {len(found):2} found  {statistics.median(took):7.1f} ms")


if __name__ == "__main__":
    sys.exit(main())
