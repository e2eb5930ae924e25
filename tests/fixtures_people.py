"""A small company: the sales department with two teams, one team beside it, and one person per role."""

from dataclasses import dataclass

import pytest

from fairway.people.models import RoleGrant, Team, User

PASSWORD = "long enough to be kept"


@dataclass
class Company:
    """Teams: top > sales > (east, west), top > office. People by what they are to `rep`, who is in the east team."""

    top: Team
    sales: Team
    east: Team
    west: Team
    office: Team

    def add(self, username, *, team, roles, name=None, **fields):
        """Make an active user; the hash is quick, because tests do not guard anything with it."""
        user = User(
            username=username,
            email=f"{username}@example.com",
            display_name=name or username.capitalize(),
            team=team,
            **fields,
        )
        user.set_unusable_password()
        user.save()
        RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in roles)
        return user

    def everyone(self):
        return [value for value in vars(self).values() if isinstance(value, User)]


@pytest.fixture
def people(db):
    """The company with its people: rep, mate (same team), outsider (other team), manager, director (above), …"""
    top = Team.objects.create(name="Company")
    sales = Team.objects.create(name="Sales", parent=top)
    company = Company(
        top=top,
        sales=sales,
        east=Team.objects.create(name="East", parent=sales),
        west=Team.objects.create(name="West", parent=sales),
        office=Team.objects.create(name="Office", parent=top),
    )
    company.rep = company.add("rep", team=company.east, roles=("rep",), name="王小明", language="zh-hans")
    company.mate = company.add("mate", team=company.east, roles=("rep",))
    company.outsider = company.add("outsider", team=company.west, roles=("rep",))
    company.manager = company.add("manager", team=company.east, roles=("manager",))
    company.director = company.add("director", team=company.sales, roles=("manager",))
    company.product = company.add("product", team=company.office, roles=("product",))
    company.support = company.add("support", team=company.office, roles=("support",))
    company.legal = company.add("legal", team=company.office, roles=("legal",))
    company.finance = company.add("finance", team=company.office, roles=("finance",))
    company.service = company.add("service", team=company.office, roles=("service",))
    company.admin = company.add("admin", team=company.office, roles=("admin",), language="en")
    return company
