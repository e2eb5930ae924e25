"""What stands in a settings file. Keys that are not here are refused."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

FORMAT = 1
Titles = dict[str, str]


class Part(BaseModel):
    """A part of the file. Scalars of the file are texts; what is meant is read from them."""

    model_config = ConfigDict(extra="forbid")


class FirmPart(Part):
    """The firm itself."""

    name: str = ""
    language: str = "zh-hans"
    timezone: str = "Asia/Shanghai"


class PersonPart(Part):
    """One person, without anything secret. `team` is its path: `Company / Sales / East`."""

    login: str
    name: str
    email: str = ""
    phone: str = ""
    team: str = ""
    roles: list[str] = Field(default_factory=list)
    language: str = ""
    timezone: str = "Asia/Shanghai"
    territories: list[str] = Field(default_factory=list)
    industries: list[str] = Field(default_factory=list)
    active: bool = True


class SourcePart(Part):
    """A lead source of the firm's own, known by its name in English."""

    title_zh: str
    title_en: str
    family: Literal["online", "offline", "internal"]
    active: bool = True


class CampaignPart(Part):
    """A campaign, known by its name; `cost` in minor units."""

    name: str
    source: str = ""
    cost: int | None = None
    currency: str = "CNY"
    starts_on: date | None = None
    ends_on: date | None = None
    active: bool = True


class ProductPart(Part):
    """A product, known by its code; `list_price` in minor units."""

    code: str
    name: str
    unit: str = ""
    list_price: int | None = None
    currency: str = "CNY"
    active: bool = True


class MailPart(Part):
    """How mail left where the file was made: to read only, the environment sets it."""

    server: str = ""
    user: str = ""
    sender: str = ""
    url: str = ""


class SettingsFile(Part):
    """The whole file. A part that is left out leaves what is there alone."""

    fairway: int = Field(ge=FORMAT, le=FORMAT)
    made_at: str = ""
    firm: FirmPart | None = None
    teams: list[str] = Field(default_factory=list)
    people: list[PersonPart] = Field(default_factory=list)
    sources: list[SourcePart] = Field(default_factory=list)
    campaigns: list[CampaignPart] = Field(default_factory=list)
    products: list[ProductPart] = Field(default_factory=list)
    calendars: dict[str, dict[str, Any]] = Field(default_factory=dict)
    mail: MailPart | None = None
    sops: dict[str, str] = Field(default_factory=dict)
    sops_out_of_use: list[str] | None = None
