"""Facts over the API: the same action and rules as in the page."""

from fairway.runs.models import Run


def test_facts_of_a_lead_are_changed_and_one_way_to_reach_it_stays(call, people, lead):
    Run.objects.filter(pk=lead.run_id).update(owner=people.rep, team=people.east)
    rep = call(people.rep)
    changed = rep.patch(f"/leads/{lead.pk}", {"region": "浙江", "phone": "138 0000 0002", "company": "启明"})
    assert changed.status_code == 200, changed.content
    assert (changed.json()["region"], changed.json()["phone"]) == ("浙江", "+8613800000002")
    assert Run.objects.get(pk=lead.run_id).title == "启明"
    refused = rep.patch(f"/leads/{lead.pk}", {"phone": None})
    assert (refused.status_code, refused.json()["reasons"][0]["code"]) == (409, "lead.unreachable")
    for wrong in ({"phone": "12"}, {"company": None}, {"score": 9}, {"email": "nobody"}):
        assert rep.patch(f"/leads/{lead.pk}", wrong).status_code == 422, wrong
    assert call(people.mate).patch(f"/leads/{lead.pk}", {"region": "x"}).status_code == 403
    assert call(people.outsider).patch(f"/leads/{lead.pk}", {"region": "x"}).status_code == 404


def test_who_was_second_is_told(call, people, lead):
    Run.objects.filter(pk=lead.run_id).update(owner=people.rep, team=people.east)
    rep = call(people.rep)
    rep.headers["If-Match"] = f'"{Run.objects.get(pk=lead.run_id).revision}"'
    assert rep.patch(f"/leads/{lead.pk}", {"region": "浙江"}).status_code == 200
    late = rep.patch(f"/leads/{lead.pk}", {"region": "江苏"})
    assert (late.status_code, late.json()["current"]["region"]) == (412, "浙江")
