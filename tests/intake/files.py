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


SENT_HEADER = (
    "公司名称,联系人,职务,手机,邮箱,所属行业,员工人数,地区,线索来源,获取日期,初步需求,规模匹配度,预算明确性,需求紧急度"
)


def as_sent(lead):
    """A file as a fair's organiser sends it: `lead` and 25 more good rows, three bad ones and one that repeats.

    lead: values of the form that registers one. Of the good rows one has a formula, one full-width digits.
    """
    common = "机械装备,100-499,浙江,展会,2026/2/18"
    phone = lead["contact_phone"]
    wide = phone.translate({ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"})
    named = f"{lead['company_name']},{lead['contact_name']},{lead['contact_title']}"
    rows = [
        f"{named},{wide},{lead['contact_email']},{common},想上排期系统,4,4,3",
        f'公式公司,李雷,厂长,13900000900,,{common},"=HYPERLINK(""http://127.0.0.1"",""点我"")",3,2,4',
        "无来源公司,赵一,,13900000901,,机械装备,100-499,浙江,,2026/2/18,,3,3,3",
        f"无联系公司,钱二,,,,{common},,3,3,3",
        f"分数公司,孙三,,13900000902,,{common},,3,9,3",
        f"{named},{phone},,{common},又留了一次,4,4,3",
        *(f"公司{n}号,联系人{n},采购经理,139000008{n:02d},,{common},,{n % 5 + 1},2,3" for n in range(24)),
    ]
    return csv_bytes(*rows, header=SENT_HEADER)


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
