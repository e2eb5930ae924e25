"""Small files of leads, as they come from Excel in China and elsewhere."""

import io

import openpyxl

HEADER = "公司名称,联系人,手机,邮箱,所属行业,员工人数,线索来源,获取日期,初步需求,规模匹配度,预算明确性,需求紧急度"
GOOD = "杭州启明机电有限公司,王芳,13800000001,wang@qiming.example,机械装备,100-499,展会,2026/2/18,想上排期系统,5,4,3"
ROWS = (
    GOOD,
    "\u3000宁波海川科技有限公司 ,李雷,１３８００００００２２,,专用机械,5000以上,百度搜索,2026/2/19,,1,1,1",
    '苏州云帆股份有限公司,韩梅,+86 138-0000-0003,,软件与互联网,,官网注册,,"=HYPERLINK(""http://127.0.0.1"",""点我"")",3,2,4',
    "无来源公司,赵一,13800000004,,,,,2026/2/18,,3,3,3",
    "无联系公司,钱二,,,,,展会,2026/2/18,,3,3,3",
    "分数公司,孙三,13800000006,,,,展会,2026/2/18,,3,高,3",
    "缺分公司,周四,13800000007,,,,展会,2026/2/18,,3,,3",
    "日期公司,吴五,13800000008,,,,展会,2026年13月1日,,3,3,3",
    "短号公司,郑六,1380000000,,,,展会,2026/2/18,,3,3,3",
    "杭州启明机电,王芳芳,138 0000 0001,,,,展会,2026/2/18,,5,4,3",
    "另一家公司,冯七,13800000011,WANG@qiming.example,,,展会,2026/2/18,,5,4,3",
)


def csv_bytes(*rows, header=HEADER, encoding="gb18030", newline="\r\n"):
    return (newline.join([header, *rows]) + newline).encode(encoding)


def chinese():
    """Eleven rows in GB18030: five good (two of them with a note), four bad, two that repeat the first."""
    return csv_bytes(*ROWS)


def workbook(rows, title="Sheet1", above=()):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in (*above, *rows):
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def many(count):
    """Good rows that repeat nothing, with every kind of points."""
    return csv_bytes(
        *(
            f"公司{index}号,联系人{index},139{index:08d},,机械装备,50-99,展会,2026/2/18,,"
            f"{index % 5 + 1},{index // 5 % 5 + 1},3"
            for index in range(count)
        )
    )
