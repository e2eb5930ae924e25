"""What columns and values are called in the files of sales teams, in both languages: guesses, each of them editable."""

from __future__ import annotations

from collections.abc import Mapping

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "company": (
        "公司名称", "公司", "企业名称", "客户名称", "单位名称", "客户", "单位", "公司全称", "company", "company name",
        "account", "account name", "organization", "organisation", "customer", "business name", "employer",
    ),
    "contact_name": (
        "联系人", "联系人姓名", "姓名", "客户姓名", "名字", "contact", "contact name", "contact person", "name", "full name",
        "lead name", "person",
    ),
    "contact_title": (
        "职务", "职位", "岗位", "头衔", "job title", "title", "position", "role", "designation", "what is your current occupation",
    ),
    "phone": (
        "手机", "手机号", "手机号码", "电话", "联系电话", "电话号码", "联系方式", "移动电话", "座机", "tel", "telephone", "phone",
        "phone number", "mobile", "mobile phone", "cell", "contact phone", "contact number",
    ),
    "email": ("邮箱", "电子邮箱", "邮件", "电子邮件", "邮箱地址", "email", "e-mail", "mail", "email address", "contact email"),
    "wechat": ("微信", "微信号", "wechat", "wechat id", "weixin"),
    "industry": ("所属行业", "行业", "行业分类", "industry", "sector", "vertical", "specialization"),
    "company_size": (
        "员工人数", "企业规模", "公司规模", "人数", "规模", "员工数", "employees", "company size", "number of employees",
        "headcount", "size",
    ),
    "region": (
        "地区", "省份", "城市", "区域", "所在地", "地址", "所在地区", "region", "city", "state", "province", "country",
        "location", "office location", "address", "area",
    ),
    "source": ("线索来源", "来源", "来源渠道", "渠道", "客户来源", "lead source", "source", "channel", "origin"),
    "campaign": ("来源活动", "活动", "市场活动", "campaign", "utm campaign"),
    "keyword": ("搜索关键词", "关键词", "keyword", "search keyword", "search term"),
    "referrer": ("转荐人", "推荐人", "介绍人", "referrer", "referred by"),
    "need": (
        "初步需求", "需求", "需求描述", "客户需求", "备注", "说明", "need", "needs", "requirement", "requirements", "notes",
        "comment", "comments", "description", "message",
    ),
    "lawful_basis": ("合法来源", "授权", "lawful basis", "consent"),
    "fit": ("规模匹配度", "客户规模匹配度", "匹配度", "fit", "fit score", "fit of company size"),
    "budget": ("预算明确性", "预算评分", "预算分", "budget score", "clarity of budget"),
    "urgency": ("需求紧急度", "紧急度", "紧急程度", "urgency", "urgency score", "urgency of need"),
    "purchase_months": ("预计几个月内采购", "采购周期", "purchase within", "purchase within (months)"),
    "owner": (
        "负责人", "销售", "销售员", "业务员", "归属人", "跟进人", "销售代表", "owner", "lead owner", "sales rep", "sales agent",
        "salesperson", "account manager", "assigned to",
    ),
    "team": ("团队", "部门", "销售团队", "所属部门", "team", "sales team", "department"),
    "created_on": (
        "获取日期", "创建时间", "创建日期", "录入时间", "登记日期", "登记时间", "获取时间", "日期", "created", "created at",
        "created on", "create date", "date", "lead date", "engage date", "date added",
    ),
    "external_id": (
        "线索编号", "客户编号", "编号", "id", "lead id", "lead number", "record id", "external id", "prospect id",
        "opportunity id",
    ),
}  # fmt: skip
"""Headings by the short name of a field. Earlier ones fit better."""

SOURCES: Mapping[str, tuple[str, ...]] = {
    "online.website": (
        "官网", "网站", "网站注册", "官网咨询", "website", "web", "web site", "direct traffic", "direct", "landing page",
        "web form", "live chat", "chat", "olark chat", "blog", "olark chat conversation",
    ),
    "online.platform": (
        "行业论坛", "论坛", "行业平台", "行业网站", "b2b平台", "阿里巴巴", "1688", "慧聪", "forum", "platform", "marketplace",
        "referral sites",
    ),
    "online.social": (
        "知乎", "知乎文章", "微信公众号", "公众号", "抖音", "小红书", "微博", "视频号", "b站", "社交媒体", "linkedin", "领英",
        "facebook", "twitter", "x", "instagram", "youtube", "tiktok", "wechat", "social", "social media", "youtubechannel",
    ),
    "online.search": (
        "百度", "百度搜索", "搜索", "搜狗", "360搜索", "谷歌", "必应", "自然搜索", "google", "bing", "baidu", "organic search",
        "search", "seo", "search engine", "yahoo",
    ),
    "online.ads": (
        "广告", "网络广告", "信息流", "竞价", "sem", "ads", "ad", "advertising", "google ads", "paid search", "ppc",
        "pay per click ads", "paid", "online ads",
    ),
    "offline.fair": ("展会", "会展", "展览", "行业展会", "trade fair", "trade show", "exhibition", "fair", "event", "events"),
    "offline.partner": ("合作伙伴", "渠道商", "代理商", "异业合作", "partner", "partners", "reseller"),
    "offline.referral": (
        "转介绍", "客户介绍", "客户推荐", "老客户介绍", "老客户推荐", "推荐", "介绍", "referral", "reference", "customer referral",
        "word of mouth", "recommendation",
    ),
    "offline.phone": (
        "电话", "来电", "来电咨询", "电话咨询", "400电话", "热线", "phone", "call", "inbound call", "phone call", "click2call",
        "telephone",
    ),
    "internal.staff": ("员工推荐", "内部推荐", "人脉", "员工介绍", "同事介绍", "employee", "employee referral", "staff", "colleague"),
    "internal.dormant": (
        "历史线索", "沉睡线索", "历史客户", "老客户", "公海", "存量", "dormant", "old leads", "historical", "database",
        "reactivation",
    ),
}  # fmt: skip
"""Other names of the sources that ship with the new-business SOP, by their key."""

BLANK = frozenset({"", "-", "--", "---", "/", "\\", ".", "n/a", "na", "#n/a", "null", "none", "nil", "nan", "select", "无", "空", "—"})
"""What is written where nothing is known; compared without case."""
