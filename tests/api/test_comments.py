"""Comments and followers over the API."""

from fairway.runs.models import Run
from fairway.teamwork.models import Comment, Follower


def test_a_comment_is_said_listed_changed_and_removed(call, people, lead):
    Run.objects.filter(pk=lead.run_id).update(owner=people.rep, team=people.east)
    rep = call(people.rep)
    made = rep.post("/comments", {"run": lead.run_id, "text": "请 @Mate 看"})
    assert made.status_code == 201, made.content
    item = made.json()["id"]
    assert [one["text"] for one in call(people.mate).get(f"/comments?run={lead.run_id}").json()["items"]] == [
        "请 @Mate 看"
    ]
    assert rep.patch(f"/comments/{item}", {"text": "改了"}).json()["text"] == "改了"
    assert rep.client.delete(f"/api/v1/comments/{item}", headers=rep.headers).status_code == 204
    assert rep.get(f"/comments/{item}").json()["text"] == ""
    other = call(people.outsider)
    assert other.get(f"/comments/{item}").status_code == 404
    assert other.get("/comments").json()["items"] == []
    assert other.post("/comments", {"run": lead.run_id, "text": "x"}).status_code == 404
    assert Comment.objects.count() == 1


def test_a_mention_of_somebody_who_may_not_see_it_is_said(call, people, lead):
    Run.objects.filter(pk=lead.run_id).update(owner=people.rep, team=people.east)
    rep = call(people.rep)
    refused = rep.post("/comments", {"run": lead.run_id, "text": "@Outsider"})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "mention_unseen")
    assert rep.post("/comments", {"run": lead.run_id, "text": "@Outsider", "anyway": True}).status_code == 201
    assert rep.post("/comments", {"text": "worüber?"}).status_code == 422


def test_one_follows_and_no_longer(call, people, lead):
    rep = call(people.rep)
    first = rep.post("/followers", {"run": lead.run_id})
    again = rep.post("/followers", {"run": lead.run_id})
    assert first.json()["id"] == again.json()["id"]
    mate = call(people.mate)
    gone = mate.client.delete(f"/api/v1/followers/{first.json()['id']}", headers=mate.headers)
    assert (gone.status_code, Follower.objects.count()) == (404, 1)
    assert rep.client.delete(f"/api/v1/followers/{first.json()['id']}", headers=rep.headers).status_code == 204
